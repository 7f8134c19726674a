using System.CommandLine;
using Suite.Cli.Syntax;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

/// <summary>What of this machine a container has among its files.</summary>
internal sealed class StorageOptions
{
    private readonly Option<string[]> _volume;
    private readonly Option<string[]> _mount;
    private readonly Option<string[]> _volumesFrom;
    private readonly Option<string[]> _tmpfs;
    private readonly Option<string[]> _device;
    private readonly Option<bool> _readOnly;

    public StorageOptions(SuiteCommand command)
    {
        _volume = command.List("--volume", "[/HERE|VOLUME:]/THERE[:ro]", "Mount a file or folder of this machine, or a volume", "-v");
        _mount = command.List("--mount", "type=T,source=S,target=T", "Mount a volume, a folder of this machine, or memory");
        _volumesFrom = command.List("--volumes-from", "CONTAINER[:ro]", "Mount what another container has mounted");
        _tmpfs = command.List("--tmpfs", "/THERE[:OPTIONS]", "Mount a file system in memory");
        _device = command.List("--device", "/HERE[:/THERE[:rwm]]", "Give it a device of this machine");
        _readOnly = command.Flag("--read-only", "Mount the container's root read-only");
    }

    public void Fill(ContainerSpec spec, Invocation call)
    {
        spec.Mounts.Add((call.Get(_volume) ?? []).Select(VolumeSyntax.Parse));
        spec.Tmpfs.Add((call.Get(_tmpfs) ?? []).Select(MountSyntax.Tmpfs));
        foreach (var mount in call.Get(_mount) ?? [])
            MountSyntax.Add(spec, mount);
        spec.Devices.Add((call.Get(_device) ?? []).Select(MountSyntax.Device));
        spec.ReadOnlyRootfs = call.Get(_readOnly);
    }

    /// <summary>--volumes-from, for which others have to be asked. What is mounted at the same place by another option stays.</summary>
    public async Task BorrowAsync(ContainerSpec spec, Invocation call, CancellationToken cancellationToken)
    {
        foreach (var text in call.Get(_volumesFrom) ?? [])
        {
            var (name, mode) = text.Split(':', 2) is [var left, var right] ? (left, right) : (text, "");
            if (mode is not ("" or "ro" or "rw"))
                throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use --volumes-from {text}: write CONTAINER, CONTAINER:ro or CONTAINER:rw");
            var other = await call.Services.Containers.InspectAsync(new InspectRequest { Container = name }, cancellationToken: cancellationToken);
            spec.Mounts.Add(other.Mounts.Where(mount => !IsTaken(spec, mount.Target)).Select(mount => new BindMount
            {
                Source = mount.Name.Length > 0 ? mount.Name : mount.Source,
                Target = mount.Target,
                ReadOnly = mount.ReadOnly || mode == "ro",
            }).ToList());
        }
    }

    private static bool IsTaken(ContainerSpec spec, string target) => spec.Mounts.Any(m => m.Target == target) || spec.Tmpfs.Any(t => t.Target == target);
}
