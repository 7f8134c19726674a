using Suite.Linux.Errors;
using Suite.Linux.Native;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans.Steps;

namespace Suite.Runtime.Exec.Plans;

/// <summary>Sorts the namespaces of config.json: those made with the clone, those joined, and those inherited from the pod.</summary>
internal sealed class NamespacePlanner
{
    private readonly HashSet<string> _listed = [];
    private string? _mountPath;

    public NamespacePlanner(IReadOnlyList<LinuxNamespace> namespaces)
    {
        for (var i = 0; i < namespaces.Count; i++)
            Add(namespaces[i], $"linux.namespaces[{i}]");

        // Who enters a user namespace has no rights over the runtime's mounts any more.
        if (HasUser && !_listed.Contains(NamespaceTypes.Mount))
            throw new SuiteException(ErrorKind.InvalidArgument, "linux.namespaces: a user namespace needs a mount namespace; add {\"type\": \"mount\"}");
    }

    public ulong CloneFlags { get; private set; }

    public string? PidPath { get; private set; }

    /// <summary>Of the mount namespace to join; empty: the runtime's own, as none is listed (config-linux.md, Namespaces); null: a new one.</summary>
    public string? MountPath => _mountPath ?? (_listed.Contains(NamespaceTypes.Mount) ? null : "");

    public bool NewCgroup { get; private set; }

    public bool NewTime { get; private set; }

    public bool HasUser { get; private set; }

    /// <summary>Of the user namespace to join; null: a new one, if any.</summary>
    public string? UserPath { get; private set; }

    public List<Step> Joins { get; } = [];

    /// <summary>Refuses a setting of a namespace that the container does not have for itself.</summary>
    public void Require(string type, string field)
    {
        if (!_listed.Contains(type))
            throw new SuiteException(ErrorKind.InvalidArgument, $"{field}: can be set only in a {type} namespace of the container's own, which linux.namespaces does not list");
    }

    private void Add(LinuxNamespace item, string field)
    {
        if (!_listed.Add(item.Type))
            throw new SuiteException(ErrorKind.InvalidArgument, $"{field}: {item.Type} is listed twice");

        var path = string.IsNullOrEmpty(item.Path) ? null : Names.CheckAbsolute(item.Path, $"{field}.path");
        switch (item.Type)
        {
            case NamespaceTypes.Pid when path is not null:
                PidPath = path;
                break;
            case NamespaceTypes.Cgroup when path is null:
                NewCgroup = true;
                break;
            case NamespaceTypes.User:
                HasUser = true;
                UserPath = path;
                break;
            case NamespaceTypes.Time when path is null:
                NewTime = true;
                break;
            case NamespaceTypes.Network or NamespaceTypes.Ipc or NamespaceTypes.Uts or NamespaceTypes.Cgroup or NamespaceTypes.Time when path is not null:
                Joins.Add(new JoinNamespace(item.Type, path));
                break;
            case NamespaceTypes.Pid or NamespaceTypes.Network or NamespaceTypes.Ipc or NamespaceTypes.Uts or NamespaceTypes.Mount when path is null:
                CloneFlags |= FlagOf(item.Type);
                break;
            case NamespaceTypes.Mount:
                _mountPath = path;
                break;
            default:
                throw new SuiteException(ErrorKind.InvalidArgument, $"{field}.type: \"{item.Type}\" is not a namespace");
        }
    }

    public static ulong FlagOf(string type) => type switch
    {
        NamespaceTypes.Pid => Sched.CLONE_NEWPID,
        NamespaceTypes.Network => Sched.CLONE_NEWNET,
        NamespaceTypes.Ipc => Sched.CLONE_NEWIPC,
        NamespaceTypes.Uts => Sched.CLONE_NEWUTS,
        NamespaceTypes.Mount => Sched.CLONE_NEWNS,
        NamespaceTypes.Cgroup => Sched.CLONE_NEWCGROUP,
        NamespaceTypes.Time => Sched.CLONE_NEWTIME,
        _ => 0,
    };
}
