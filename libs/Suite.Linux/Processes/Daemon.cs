using System.Collections;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Linux.Processes;

/// <summary>
/// Starts a program that outlives its starter: in a session of its own, without a terminal, with its output appended to a file.
/// </summary>
public static class Daemon
{
    /// <returns>The process id. The caller is the parent until it exits itself; the process is then init's child.</returns>
    public static int Start(string path, IReadOnlyList<string> arguments, string logFile)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(e => $"{e.Key}={e.Value}");
        var pid = Spawn.Detached(path, [path, .. arguments], [.. environment], logFile);
        return pid > 0 ? pid : throw new ErrnoException($"start {path} with its output in {logFile}", -pid);
    }
}
