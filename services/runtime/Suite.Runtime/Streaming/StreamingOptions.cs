namespace Suite.Runtime.Streaming;

/// <summary>"streaming" in CONFIG/runtime.json: where kubelet and crictl connect to for exec, attach and port forwarding.</summary>
internal sealed class StreamingOptions
{
    /// <summary>An IP address of this machine. One that other machines reach needs a certificate.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>0: a free one, another one after each start.</summary>
    public int Port { get; set; }

    /// <summary>PEM files; both or none.</summary>
    public string? Certificate { get; set; }

    public string? Key { get; set; }

    /// <summary>A connection over which nothing goes for so many seconds is closed.</summary>
    public int IdleSeconds { get; set; } = 4 * 60 * 60;
}
