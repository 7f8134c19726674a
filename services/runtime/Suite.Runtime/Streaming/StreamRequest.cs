namespace Suite.Runtime.Streaming;

/// <summary>What a caller asked for over gRPC, and comes for over HTTP.</summary>
internal abstract record StreamRequest(string Path);

/// <summary>Which streams of a process are wanted.</summary>
internal readonly record struct WantedStreams(bool Input, bool Output, bool Error, bool Terminal);

internal sealed record ExecStreamRequest(string ContainerId, IReadOnlyList<string> Command, WantedStreams Streams) : StreamRequest("exec");

internal sealed record AttachStreamRequest(string ContainerId, WantedStreams Streams) : StreamRequest("attach");

/// <param name="PodId">Whose network namespace the ports are in.</param>
/// <param name="Ports">Those named beforehand; the streams themselves name theirs.</param>
internal sealed record PortForwardRequest(string PodId, IReadOnlyList<int> Ports) : StreamRequest("portforward");
