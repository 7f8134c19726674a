using Suite.Cli;
using Suite.Cli.Output;
using Suite.Linux.Handles;

// Answered before anything else is set up: shells and scripts ask it often.
if (args is ["--version"] or ["-v"])
{
    new StandardOutput(1).Write(System.Text.Encoding.UTF8.GetBytes(Build.Line + "\n"));
    return 0;
}

await using var session = new Session(StandardStreams.OfProcess(), Environment.GetEnvironmentVariable, TimeProvider.System);
return await CommandLine.RunAsync(args, session);
