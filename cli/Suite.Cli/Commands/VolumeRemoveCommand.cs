using System.CommandLine;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class VolumeRemoveCommand : SuiteCommand
{
    private readonly Option<bool> _force;
    private readonly Argument<string[]> _names;

    public VolumeRemoveCommand()
        : base("rm", "[OPTIONS] VOLUME...", "Remove volumes with their files")
    {
        _force = Flag("--force", "One that is not there is no failure", "-f");
        _names = Several("VOLUME");
    }

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.ForEachAsync(call.Get(_names), async name =>
        {
            await call.Services.Volumes.RemoveVolumeAsync(
                new RemoveVolumeRequest { Name = name, Force = call.Get(_force) }, cancellationToken: cancellationToken);
            return name;
        });
}
