using Suite.Container.V1;

namespace Suite.Cli.Syntax;

/// <summary>--link CONTAINER[:ALIAS]</summary>
internal static class LinkSyntax
{
    public static Link Parse(string text)
    {
        var colon = text.IndexOf(':');
        return colon < 0 ? new Link { Container = text, Alias = text } : new Link { Container = text[..colon], Alias = text[(colon + 1)..] };
    }
}
