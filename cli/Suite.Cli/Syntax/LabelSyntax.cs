namespace Suite.Cli.Syntax;

/// <summary>--label NAME=VALUE or NAME.</summary>
internal static class LabelSyntax
{
    public static KeyValuePair<string, string> Parse(string text)
    {
        var end = text.IndexOf('=');
        return end < 0 ? new(text, "") : new(text[..end], text[(end + 1)..]);
    }
}
