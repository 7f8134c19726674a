using System.CommandLine;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class UnpauseCommand : SuiteCommand
{
    private readonly Argument<string[]> _containers;

    public UnpauseCommand()
        : base("unpause", "CONTAINER...", "Let paused containers go on")
    {
        _containers = Several("CONTAINER");
    }

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.ForEachAsync(call.Get(_containers), async name =>
        {
            await call.Services.Containers.ResumeAsync(new ResumeRequest { Container = name }, cancellationToken: cancellationToken);
            return name;
        });
}
