using System.Diagnostics;
using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using static Tmds.Linux.LibC;

namespace Suite.Layout;

/// <summary>Runs a program and notes what those of our executables call that come of it.</summary>
internal sealed unsafe class Tracer(IReadOnlyList<TracedExecutable> executables)
{
    private readonly Dictionary<int, TracedProcess> _processes = [];
    private readonly Dictionary<int, int> _processOf = [];

    /// <returns>The exit code of the program; 128 and a signal's number.</returns>
    public int Run(string[] command)
    {
        // It waits for a line, so that it is traced from its first step; and it is no child of ours, as Process would take its end from us.
        const string Starter = "exec 3<&0; setsid /bin/sh -c 'echo $$; read go <&3; exec \"$@\" 3<&- </dev/null >&2' sh \"$@\" & wait";
        using var starter = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Starter, "sh", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var root = int.Parse(starter.StandardOutput.ReadLine()!, System.Globalization.CultureInfo.InvariantCulture);
        Ptrace.Seize(root);
        starter.StandardInput.WriteLine();
        while (true)
        {
            int status;
            var thread = Wait.waitpid(-1, &status, Wait.__WALL);
            if (thread < 0 && errno == ErrnoNames.EINTR)
                continue;
            if (thread < 0)
                throw new ErrnoException("wait for what is traced", errno);
            if ((status & 0xff) != 0x7f)
            {
                Forget(thread);
                if (thread == root)
                    return Wait.ExitCode(status);
                continue;
            }

            Stopped(thread, status >> 8 & 0xff, status >> 16);
            foreach (var due in _processes.Where(pair => pair.Value.IsDue))
                Ptrace.Interrupt(due.Key);
        }
    }

    private void Stopped(int thread, int signal, int happened)
    {
        switch (happened)
        {
            case Ptrace.EventExec:
                Forget(thread);
                Executed(thread);
                break;
            case Ptrace.EventStop when signal == SIGTRAP:
                // New here, or interrupted by us.
                var process = ProcessOf(thread);
                if (!_processes.TryGetValue(process, out var known))
                    Cloned(process);
                else if (thread == process && known.IsDue)
                    known.StartOver();
                break;
            case Ptrace.EventStop:
                Ptrace.StayStopped(thread);
                return;
            case 0 when signal == SIGTRAP && _processes.TryGetValue(ProcessOf(thread), out var traced) && traced.Hit(thread):
                break;
            case 0:
                Ptrace.Resume(thread, signal);
                return;
        }

        Ptrace.Resume(thread);
    }

    private void Executed(int process)
    {
        _processOf[process] = process;
        // By the name that it was started by: the services of a node are one file, and suite-shim runs from a mount that has no path.
        var name = Path.GetFileName(File.ReadAllText($"/proc/{process}/cmdline").Split('\0')[0]);
        var file = name is "suite-runtime" or "suite-image" or "suite-network" ? "suite-node" : name;
        if (executables.FirstOrDefault(executable => executable.Name == file) is { } executable)
            _processes[process] = new TracedProcess(process, executable, name);
    }

    private void Cloned(int process)
    {
        // With 0, of one that is gone, nothing is found.
        if (_processes.TryGetValue(NumberOf(process, "PPid:") ?? 0, out var copied))
            _processes[process] = new TracedProcess(process, copied);
    }

    private int ProcessOf(int thread)
    {
        if (!_processOf.TryGetValue(thread, out var process))
            _processOf[thread] = process = NumberOf(thread, "Tgid:") ?? thread;
        return process;
    }

    /// <summary>A line of /proc/PID/status; null when the thread is gone.</summary>
    private static int? NumberOf(int thread, string name)
    {
        try
        {
            var line = File.ReadLines($"/proc/{thread}/status", Encoding.Latin1).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            return line is null ? null : int.Parse(line.AsSpan(name.Length), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private void Forget(int thread)
    {
        _ = _processOf.Remove(thread);
        if (_processes.Remove(thread, out var process))
            process.Dispose();
    }
}
