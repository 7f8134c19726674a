using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>
/// Runs hooks one after the other and waits for each. Only for a process whose managed code runs on one thread and that may
/// wait: the init of a container, suite-oci, or a child that a shim makes for it.
/// </summary>
internal static unsafe class HookRunner
{
    private const int MaxComplaint = 2000;

    /// <exception cref="SuiteException">The first that fails or takes too long; those after it are not run.</exception>
    public static void Run(HookList hooks, string state)
    {
        foreach (var hook in hooks.Calls)
            Run(hook, state);
    }

    /// <exception cref="SuiteException">Some failed: all of them, one behind the other. Every one was run.</exception>
    public static void RunAll(HookList hooks, string state)
    {
        var failures = new List<string>();
        foreach (var hook in hooks.Calls)
        {
            try
            {
                Run(hook, state);
            }
            catch (SuiteException failure)
            {
                failures.Add(failure.Message);
            }
        }

        if (failures.Count > 0)
            throw new SuiteException(ErrorKind.FailedPrecondition, string.Join("; ", failures));
    }

    private static void Run(HookCall hook, string state)
    {
        // Files in memory rather than pipes: a hook that does not read its input, talks a lot or leaves a daemon behind holds nobody up.
        var input = MemoryFile("suite-hook-state", state);
        var output = MemoryFile("suite-hook-output", "");
        var processDescriptor = -1;
        var arguments = new Sched.clone_args { flags = Sched.CLONE_PIDFD, pidfd = (ulong)&processDescriptor, exit_signal = (ulong)SIGCHLD };
        var pid = Sched.clone3(&arguments);
        if (pid == 0)
            Become(hook, input, output);
        if (pid < 0)
            throw new ErrnoException($"{hook.Field}: start {hook.Path}", errno);

        var inTime = WaitFor(processDescriptor, hook.TimeoutSeconds);
        if (!inTime)
            _ = kill(pid, SIGKILL);
        int status;
        while (Wait.waitpid(pid, &status, Wait.__WALL) < 0 && errno == ErrnoNames.EINTR)
        {
        }

        _ = lseek(output, 0, SEEK_SET);
        var said = Descriptor.ReadText(output).Trim();
        Descriptor.Close(processDescriptor);
        Descriptor.Close(input);
        Descriptor.Close(output);
        if (!inTime)
            throw new SuiteException(ErrorKind.DeadlineExceeded, $"{hook.Field}: {hook.Path} took more than {hook.TimeoutSeconds} s and was killed");
        if (status != 0)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"{hook.Field}: {hook.Path} ended with {Wait.ExitCode(status)}{(said.Length == 0 ? "" : ": " + Shorten(said))}");
    }

    private static void Become(HookCall hook, int input, int output)
    {
        _ = dup2(input, 0);
        _ = dup2(output, 1);
        _ = dup2(output, 2);
        _ = CloseRange.close_range(3, uint.MaxValue, (int)CloseRange.CLOSE_RANGE_CLOEXEC);
        ContainerInit.ResetSignals();
        var arguments = ExecuteAction.Pointers(hook.Arguments);
        var environment = ExecuteAction.Pointers(hook.Environment);
        fixed (byte* path = Descriptor.Path(hook.Path))
            _ = execve(path, arguments, environment);
        _ = Descriptor.TryWrite(2, ErrnoNames.Describe(errno));
        _exit(127);
    }

    private static bool WaitFor(int processDescriptor, int seconds)
    {
        var until = Environment.TickCount64 + (seconds * 1000L);
        while (true)
        {
            var left = seconds == 0 ? -1 : (int)Math.Clamp(until - Environment.TickCount64, 0, int.MaxValue);
            var waited = new pollfd { fd = processDescriptor, events = POLLIN };
            var result = poll(&waited, 1, left);
            if (result > 0)
                return true;
            if (result == 0)
                return false;
            if (errno != ErrnoNames.EINTR)
                throw new ErrnoException("wait for a hook", errno);
        }
    }

    private static int MemoryFile(string name, string text)
    {
        int file;
        fixed (byte* bytes = Descriptor.Path(name))
            file = memfd_create(bytes, 1 /* MFD_CLOEXEC */);
        if (file < 0)
            throw new ErrnoException("make a memory file for a hook", errno);
        if (text.Length > 0 && Descriptor.TryWrite(file, text) is not 0 and var error)
            throw new ErrnoException("write the state for a hook", error);
        _ = lseek(file, 0, SEEK_SET);
        return file;
    }

    private static string Shorten(string text) => text.Length <= MaxComplaint ? text : text[^MaxComplaint..];
}
