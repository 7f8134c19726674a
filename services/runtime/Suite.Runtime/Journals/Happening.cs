namespace Suite.Runtime.Journals;

/// <summary>Something that happened to a container or volume, in the words of suite.container.v1's Events.</summary>
/// <param name="At">Nanoseconds since the epoch.</param>
internal sealed record Happening(long At, string Type, string Action, string Id, IReadOnlyDictionary<string, string> Attributes);

/// <summary>The words for what happens.</summary>
internal static class Actions
{
    public const string Attach = "attach";
    public const string Copy = "copy";
    public const string Create = "create";
    public const string Destroy = "destroy";
    public const string Detach = "detach";
    public const string Die = "die";
    public const string ExecCreate = "exec_create: ";
    public const string ExecDetach = "exec_detach";
    public const string ExecDie = "exec_die";
    public const string ExecStart = "exec_start: ";
    public const string HealthStatus = "health_status: ";
    public const string Kill = "kill";
    public const string Mount = "mount";
    public const string OutOfMemory = "oom";
    public const string Pause = "pause";
    public const string Prune = "prune";
    public const string Rename = "rename";
    public const string Resize = "resize";
    public const string Restart = "restart";
    public const string Start = "start";
    public const string Stop = "stop";
    public const string Top = "top";
    public const string Unmount = "unmount";
    public const string Unpause = "unpause";
    public const string Update = "update";
}
