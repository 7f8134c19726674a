using System.CommandLine;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class RmCommand : SuiteCommand
{
    private readonly Option<bool> _force;
    private readonly Option<bool> _volumes;
    private readonly Argument<string[]> _containers;

    public RmCommand()
        : base("rm", "[OPTIONS] CONTAINER...", "Remove containers")
    {
        _force = Flag("--force", "Kill those that run", "-f");
        _volumes = Flag("--volumes", "Their volumes without a name of their own, too", "-v");
        _containers = Several("CONTAINER");
    }

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.ForEachAsync(call.Get(_containers), async name =>
        {
            await call.Services.Containers.RemoveAsync(
                new RemoveRequest { Container = name, Force = call.Get(_force), Volumes = call.Get(_volumes) }, cancellationToken: cancellationToken);
            return name;
        });
}
