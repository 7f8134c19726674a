using System.Formats.Tar;
using System.IO.Pipelines;
using Microsoft.Win32.SafeHandles;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Containers;
using Suite.Runtime.Copies;
using Suite.Runtime.Pods;
using Suite.Runtime.Solo;

namespace Suite.Runtime.Volumes;

/// <summary>A volume that is still empty gets what the image has where it is mounted, with owners and modes, as people expect of databases' folders.</summary>
internal sealed class VolumeFill(VolumeStore volumes)
{
    /// <summary>Folders that the image declares as volumes get one each, where the caller mounts nothing.</summary>
    public ContainerRecord WithThoseOfImage(ContainerRecord container, UndoStack undo)
    {
        var mounts = new List<BindMount>();
        foreach (var path in SoloVolumes.Missing(container.Solo!, container.Image.Defaults))
        {
            var volume = volumes.Ensure("", anonymous: true, NoLabels.Instance);
            undo.Push($"remove volume {volume.Name}", () => Task.Run(() => volumes.RemoveUnused(volume.Name)));
            mounts.Add(new BindMount(volumes.PathOf(volume.Name), path, ReadOnly: false) { Volume = volume.Name });
        }
        return mounts.Count == 0 ? container : container with
        {
            Config = container.Config with { Mounts = [.. container.Config.Mounts, .. mounts] },
            Solo = container.Solo! with { Mounts = [.. container.Solo.Mounts, .. mounts] },
        };
    }


    /// <param name="container">Made, and not started: its root file system is prepared.</param>
    public async Task FillAsync(ContainerRecord container, CancellationToken cancellationToken)
    {
        var empty = container.Config.Mounts.Where(mount => mount is { Volume.Length: > 0, NoCopy: false } && !Directory.EnumerateFileSystemEntries(mount.HostPath).Any()).ToArray();
        if (empty.Length == 0)
            return;
        using var root = ContainerRoots.OpenIdle(container);
        foreach (var mount in empty)
        {
            using var from = RootedFile.TryOpen(root, mount.ContainerPath, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY);
            if (from is not null)
                await CopyAsync(from, mount.HostPath, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task CopyAsync(SafeFileHandle from, string to, CancellationToken cancellationToken)
    {
        using var target = new SafeFileHandle(Descriptor.Open(to, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY), ownsHandle: true);
        var pipe = new Pipe();
        var packing = PackAsync(from, pipe.Writer, cancellationToken);
        try
        {
            await new UnpackTar(target, "/", toRoot: false).UnpackAsync(pipe.Reader.AsStream(), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await pipe.Reader.CompleteAsync().ConfigureAwait(false);
        }
        await packing.ConfigureAwait(false);
        if (FileCalls.StatAt(RootedFile.Number(from), ""u8, out var status) >= 0)
        {
            _ = FileCalls.Chown(RootedFile.Number(target), status.User, status.Group);
            _ = FileCalls.Chmod(RootedFile.Number(target), (uint)(status.Mode & 0xfff));
        }
    }

    private static async Task PackAsync(SafeFileHandle from, PipeWriter to, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await using var tar = new TarWriter(to.AsStream(leaveOpen: true), TarEntryFormat.Pax, leaveOpen: true);
            await new PackTar(tar).AddFolderAsync(from, ".", cancellationToken).ConfigureAwait(false);
        }
        catch (Exception broken)
        {
            failure = broken;
            throw;
        }
        finally
        {
            await to.CompleteAsync(failure).ConfigureAwait(false);
        }
    }
}
