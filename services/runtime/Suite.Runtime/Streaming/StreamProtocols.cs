namespace Suite.Runtime.Streaming;

/// <summary>A version of Kubernetes' remote command protocol.</summary>
/// <param name="Number">3 brought window sizes, 4 the status as JSON, 5 the end of single streams over a WebSocket.</param>
/// <param name="Base64">Messages are text, for clients that cannot send bytes.</param>
internal readonly record struct StreamProtocol(int Number, bool Base64)
{
    public bool HasSizes => Number >= 3;

    public bool HasStatus => Number >= 4;
}

/// <summary>The names by which clients and servers agree on one.</summary>
internal static class StreamProtocols
{
    public const string PortForward = "portforward.k8s.io";

    /// <summary>A whole SPDY connection in the binary messages of a WebSocket, for proxies that do not know SPDY.</summary>
    public const string TunnelledPortForward = "SPDY/3.1+portforward.k8s.io";

    /// <summary>Of a client that names several, the first one here that it knows is taken.</summary>
    public static readonly IReadOnlyList<(string Name, StreamProtocol Protocol)> OverSpdy =
    [
        ("v4.channel.k8s.io", new(4, false)),
        ("v3.channel.k8s.io", new(3, false)),
        ("v2.channel.k8s.io", new(2, false)),
        ("channel.k8s.io", new(1, false)),
    ];

    public static readonly IReadOnlyList<(string Name, StreamProtocol Protocol)> OverWebSocket =
    [
        ("v5.channel.k8s.io", new(5, false)),
        ("v4.channel.k8s.io", new(4, false)),
        ("v4.base64.channel.k8s.io", new(4, true)),
        ("v3.channel.k8s.io", new(3, false)),
        ("v2.channel.k8s.io", new(2, false)),
        ("channel.k8s.io", new(3, false)),
        ("base64.channel.k8s.io", new(3, true)),
    ];

    public static (string Name, StreamProtocol Protocol)? Choose(
        IReadOnlyList<(string Name, StreamProtocol Protocol)> ours, IReadOnlyCollection<string> theirs)
    {
        foreach (var protocol in ours)
        {
            if (theirs.Contains(protocol.Name))
                return protocol;
        }
        return null;
    }
}
