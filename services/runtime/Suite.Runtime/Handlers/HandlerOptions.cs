namespace Suite.Runtime.Handlers;

/// <summary>"handlers.NAME" in CONFIG/runtime.json: another OCI runtime, for pods that ask for it by that name.</summary>
internal sealed class HandlerOptions
{
    /// <summary>The program, absolute: /usr/bin/runc.</summary>
    public string Path { get; set; } = "";

    /// <summary>Where it keeps its state, absolute; empty: RUN/handlers/NAME.</summary>
    public string Root { get; set; } = "";

    /// <summary>Options that it is given before each command.</summary>
    public string[] Options { get; set; } = [];
}
