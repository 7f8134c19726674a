using Suite.Linux.Errors;
using Suite.Runtime.Oci.CommandLines;

namespace Suite.Runtime.Oci.Commands;

/// <summary>Not built, and said so whatever the options: a process image is CRIU's work.</summary>
internal static class CheckpointCommand
{
    private static readonly OptionNames Names = new(
        [
            "leave-running", "tcp-established", "tcp-skip-in-flight", "link-remap", "ext-unix-sk", "shell-job", "lazy-pages", "file-locks", "pre-dump", "auto-dedup",
            "detach|d", "no-subreaper", "no-pivot",
        ],
        ["image-path", "work-path", "parent-path", "status-fd", "page-server", "manage-cgroups-mode", "empty-ns", "bundle|b", "console-socket", "pid-file", "lsm-profile", "lsm-mount-context"]);

    public static Command DescribeCheckpoint() => new("checkpoint", Names, (_, _) => Refuse("checkpoint"));

    public static Command DescribeRestore() => new("restore", Names, (_, _) => Refuse("restore"));

    private static int Refuse(string name) =>
        throw new SuiteException(ErrorKind.Unsupported, $"{name}: is not built; suite-oci does not work with CRIU");
}
