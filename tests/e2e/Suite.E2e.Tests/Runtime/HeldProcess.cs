using System.Diagnostics;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>
/// Stops a process where it stands (SIGSTOP), so that whoever asks it for something waits at that very step: the way to kill
/// a service in the middle of a known one, without a clock.
/// </summary>
internal sealed class HeldProcess : IDisposable
{
    private const int SIGCONT = 18;
    private const int SIGSTOP = 19;

    private readonly int[] _pids;

    private HeldProcess(int[] pids)
    {
        _pids = pids;
        foreach (var pid in _pids)
            Signal(pid, SIGSTOP);
    }

    public static HeldProcess Of(ServiceProcess service) => Of(service.Id);

    public static HeldProcess Of(int pid) => new([pid]);

    /// <summary>The spare shims and those of pods that the runtime has started.</summary>
    public static HeldProcess OfShims(ServiceProcess runtime) => new([.. Process.GetProcessesByName("suite-shim").Select(process => process.Id).Where(id => ParentOf(id) == runtime.Id)]);

    public void Dispose()
    {
        foreach (var pid in _pids)
            Signal(pid, SIGCONT);
    }

    private static void Signal(int pid, int signal) => Suite.Linux.Processes.ProcessSignals.Send(pid, signal);

    private static int ParentOf(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
