using System.CommandLine;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class RmCommand : SuiteCommand
{
    private readonly Option<bool> _force;
    private readonly Argument<string[]> _containers;

    public RmCommand()
        : base("rm", "[OPTIONS] CONTAINER...", "Remove containers")
    {
        _force = Flag("--force", "Kill those that run", "-f");
        _containers = Several("CONTAINER");
    }

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.ForEachAsync(call.Get(_containers), async name =>
        {
            await call.Services.Containers.RemoveAsync(
                new RemoveRequest { Container = name, Force = call.Get(_force) }, cancellationToken: cancellationToken);
            return name;
        });
}
