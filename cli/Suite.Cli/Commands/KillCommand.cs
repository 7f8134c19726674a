using System.CommandLine;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class KillCommand : SuiteCommand
{
    private readonly Option<string?> _signal;
    private readonly Argument<string[]> _containers;

    public KillCommand()
        : base("kill", "[OPTIONS] CONTAINER...", "Send a signal to running containers")
    {
        _signal = Text("--signal", "SIGNAL", "Name or number of the signal (default: SIGKILL)", "-s");
        _containers = Several("CONTAINER");
    }

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.ForEachAsync(call.Get(_containers), async name =>
        {
            await call.Services.Containers.KillAsync(
                new KillRequest { Container = name, Signal = call.Get(_signal) ?? "" }, cancellationToken: cancellationToken);
            return name;
        });
}
