using System.CommandLine;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class PauseCommand : SuiteCommand
{
    private readonly Argument<string[]> _containers;

    public PauseCommand()
        : base("pause", "CONTAINER...", "Freeze all processes of containers")
    {
        _containers = Several("CONTAINER");
    }

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.ForEachAsync(call.Get(_containers), async name =>
        {
            await call.Services.Containers.PauseAsync(new PauseRequest { Container = name }, cancellationToken: cancellationToken);
            return name;
        });
}
