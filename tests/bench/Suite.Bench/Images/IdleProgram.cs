using System.Diagnostics;
using Suite.Linux.Errors;
using Suite.Testing.Files;

namespace Suite.Bench.Images;

/// <summary>
/// A program that says that it is ready and does nothing until SIGTERM, as small as one can be: what stays in the memory of a pod is then
/// the runtime's. It is the container's process and, for runtimes that need one, the pause process.
/// </summary>
internal static class IdleProgram
{
    // Process 1 of a pid namespace ignores signals that it has no handler for (pid_namespaces(7)).
    private const string Source = """
        #include <signal.h>
        #include <unistd.h>
        static void end(int signal) { (void)signal; _exit(0); }
        int main(void) { signal(SIGTERM, end); (void)!write(1, "ready\n", 6); for (;;) pause(); }
        """;

    public static byte[] Compile()
    {
        using var folder = new TempFolder("suite-bench");
        var source = folder.File("idle.c", Source);
        using var gcc = Process.Start("gcc", ["-Os", "-static", "-s", "-o", folder.Path("idle"), source]);
        gcc.WaitForExit();
        return gcc.ExitCode == 0
            ? File.ReadAllBytes(folder.Path("idle"))
            : throw new SuiteException(ErrorKind.FailedPrecondition, "compile the idle program: gcc failed; its message is above");
    }
}
