using System.CommandLine;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class RenameCommand : SuiteCommand
{
    private readonly Argument<string> _container;
    private readonly Argument<string> _name;

    public RenameCommand()
        : base("rename", "CONTAINER NAME", "Give a container another name")
    {
        _container = One("CONTAINER");
        _name = One("NAME");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        await call.Services.Containers.RenameAsync(
            new RenameRequest { Container = call.Get(_container), Name = call.Get(_name) }, cancellationToken: cancellationToken);
        return ExitCodes.Success;
    }
}
