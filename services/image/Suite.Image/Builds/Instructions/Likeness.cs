namespace Suite.Image.Builds.Instructions;

/// <summary>How many letters two words differ by: for "did you mean".</summary>
internal static class Likeness
{
    public static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 8 || Math.Max(a.Length, b.Length) > 64) return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var before = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, before + (a[i - 1] == b[j - 1] ? 0 : 1));
                before = above;
            }
        }

        return row[^1];
    }

    /// <returns>Null when none is near.</returns>
    public static string? Nearest(string word, IEnumerable<string> known) =>
        known.Select(k => (Distance: Distance(k, word), k)).Where(k => k.Distance is > 0 and <= 2 && k.Distance < word.Length).Order().Select(k => k.k).FirstOrDefault();
}
