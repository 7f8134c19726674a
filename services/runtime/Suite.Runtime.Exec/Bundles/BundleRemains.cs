using System.ComponentModel;
using System.Diagnostics;
using Suite.Linux.Cgroups;
using Suite.Linux.Errors;

namespace Suite.Runtime.Exec.Bundles;

/// <summary>What another runtime still believes to have after the shim that drove it was killed.</summary>
internal static class BundleRemains
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="cgroupPath">Of the pod.</param>
    public static async Task RemoveAsync(string cgroupPath, string podDirectory, OciRuntime? runtime, CancellationToken cancellationToken)
    {
        var bundles = BundlePlaces.FolderOf(podDirectory);
        if (runtime is null || !Directory.Exists(bundles))
            return;
        foreach (var bundle in Directory.GetDirectories(bundles))
        {
            var id = Path.GetFileName(bundle);
            // The processes of a container that shares a pid namespace would keep its runtime waiting for them.
            new Cgroup(CgroupHost.Detect(), $"{cgroupPath}/{id}").Kill();
            await DeleteAsync(runtime, id, Path.Combine(bundle, "remains.log"), cancellationToken).ConfigureAwait(false);
            Directory.Delete(bundle, recursive: true);
        }

        Directory.Delete(bundles);
        new Cgroup(CgroupHost.Detect(), cgroupPath).RemoveNamed();
    }

    private static async Task DeleteAsync(OciRuntime runtime, string id, string log, CancellationToken cancellationToken)
    {
        var line = new RuntimeCommands(runtime).Delete(id, log).Arguments;
        using var process = Start(line);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var said = await process.StandardError.ReadToEndAsync(patience.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            if (process.ExitCode != 0)
                throw new SuiteException(ErrorKind.FailedPrecondition, $"{string.Join(' ', line)}: {said.Trim()}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            throw new SuiteException(ErrorKind.DeadlineExceeded, $"{string.Join(' ', line)}: took more than {Patience.TotalSeconds:0} s and was killed");
        }
    }

    private static Process Start(IReadOnlyList<string> line)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(line[0], line.Skip(1)) { RedirectStandardError = true })!;
        }
        catch (Win32Exception missing)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"{string.Join(' ', line)}: {missing.Message}", missing);
        }
    }
}
