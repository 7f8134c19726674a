namespace Suite.Architecture.Tests;

/// <summary>How a rule fails: with every offence, a line each, that says what to do.</summary>
internal static class Offences
{
    public static void AssertNone(IEnumerable<string> offences)
    {
        var lines = offences.Distinct().Order().ToList();
        Assert.True(lines.Count == 0, $"{lines.Count} against the rule:\n{string.Join('\n', lines)}");
    }
}
