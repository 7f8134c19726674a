using Suite.Runtime.Handlers;
using Suite.Runtime.Streaming;

namespace Suite.Runtime;

/// <summary>CONFIG/runtime.json.</summary>
internal sealed class RuntimeOptions
{
    /// <summary>Shims started before a pod needs one. Each is a process of about half a MiB; 0 makes every pod wait for its own.</summary>
    public int SpareShims { get; set; } = 2;

    /// <summary>Bytes of each pod's /dev/shm.</summary>
    public long SharedMemoryBytes { get; set; } = 64 << 20;

    /// <summary>Where vendors describe devices (CDI); a later folder rules over one before it. Empty: /etc/cdi, then /var/run/cdi.</summary>
    public string[] CdiFolders { get; set; } = [];

    /// <summary>Other OCI runtimes by the names under which pods ask for them (CRI's runtime_handler).</summary>
    public Dictionary<string, HandlerOptions> Handlers { get; set; } = [];

    /// <summary>The HTTP server of exec, attach and port forwarding.</summary>
    public StreamingOptions Streaming { get; set; } = new();
}
