using Suite.Image.Builds.Dockerfiles;

namespace Suite.Image.Builds.Instructions;

/// <summary>Ports of EXPOSE: 80, 80/udp, 8000-8010/tcp.</summary>
internal static class ExposedPorts
{
    public static IEnumerable<string> Read(Instruction i, string text)
    {
        var parts = text.Split('/', 2);
        var protocol = parts.Length == 2 ? parts[1].ToLowerInvariant() : "tcp";
        // An address or a port of the host before it says nothing to an image; BuildKit warns and takes the last part.
        var range = parts[0].Split(':')[^1].Split('-', 2);
        if (protocol is not ("tcp" or "udp" or "sctp") || !ushort.TryParse(range[0], out var from) || !ushort.TryParse(range[^1], out var to) || from == 0 || to < from)
            throw i.Wrong($"has '{text}', which is no port such as 80 or 53/udp");
        for (var port = (int)from; port <= to; port++) yield return $"{port}/{protocol}";
    }
}
