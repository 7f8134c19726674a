using Suite.Linux.Errors;
using Suite.Linux.Handles;

namespace Suite.Linux.Cgroups;

/// <summary>
/// Stops every process of a cgroup where it is, and lets it go on: cgroup.freeze of the v2 tree, which also works where that
/// tree controls nothing else (Linux 5.2), or v1's freezer.
/// </summary>
public sealed class CgroupFreezer(CgroupHost host)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);

    /// <summary>Returns when all are frozen. When that does not come about, they go on, and DeadlineExceeded is thrown.</summary>
    public async Task FreezeAsync(string path, CancellationToken cancellationToken)
    {
        Write(path, freeze: true);
        try
        {
            for (var waited = TimeSpan.Zero; !IsFrozen(path); waited += Look)
            {
                if (waited > Patience)
                    throw new SuiteException(ErrorKind.DeadlineExceeded, $"cannot freeze the cgroup {path}: a process of it does not come out of a system call");
                await Task.Delay(Look, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            Write(path, freeze: false);
            throw;
        }
    }

    /// <summary>Not frozen is no error.</summary>
    public void Thaw(string path) => Write(path, freeze: false);

    private bool IsFrozen(string path) => Unified(path) is { } unified
        ? Cgroup.Figure(Descriptor.TryReadText($"{unified}/cgroup.events"), "frozen") == 1
        : Descriptor.TryReadText($"{V1(path)}/freezer.state")?.Trim() == "FROZEN";

    private void Write(string path, bool freeze)
    {
        var (file, text) = Unified(path) is { } unified ? ($"{unified}/cgroup.freeze", freeze ? "1" : "0") : ($"{V1(path)}/freezer.state", freeze ? "FROZEN" : "THAWED");
        var error = Descriptor.TryWriteText(file, text);
        if (error != 0)
            throw new ErrnoException($"write {text} to {file}", error);
    }

    private string? Unified(string path) => host.Unified?.PathOf(path) is { } unified && File.Exists($"{unified}/cgroup.freeze") ? unified : null;

    private string V1(string path) => host.Find("freezer")?.PathOf(path)
        ?? throw new SuiteException(ErrorKind.Unsupported, "this host has no freezer: neither cgroup v2 nor v1's controller of that name is mounted");
}
