using System.Text;

namespace Suite.Runtime.Oci.Outputs;

/// <summary>A table whose columns are as wide as their widest cell.</summary>
internal static class Columns
{
    private const int Gap = 3;

    public static void Print(string[] head, IEnumerable<string[]> rows)
    {
        string[][] all = [head, .. rows];
        var widths = head.Select((_, column) => all.Max(row => row[column].Length) + Gap).ToArray();
        var text = new StringBuilder();
        foreach (var row in all)
            text.Append(string.Concat(row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()).Append('\n');
        Output.Text(text.ToString());
    }
}
