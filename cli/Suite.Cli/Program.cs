using Suite.Cli;
using Suite.Cli.Output;
using Suite.Linux.Errors;
using Suite.Linux.Handles;

// Answered before anything else is set up: shells and scripts ask it often.
if (args is ["--version"] or ["-v"])
{
    try
    {
        new StandardOutput(1).Write(System.Text.Encoding.UTF8.GetBytes(Build.Line + "\n"));
        return ExitCodes.Success;
    }
    catch (ErrnoException)
    {
        // The usual way, below, meets the same failure and says so.
    }
}

await using var session = new Session(StandardStreams.OfProcess(), Environment.GetEnvironmentVariable, TimeProvider.System);
return await CommandLine.RunAsync(args, session);
