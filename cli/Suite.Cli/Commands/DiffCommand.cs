using System.CommandLine;
using Grpc.Core;
using Suite.Cli.Inspection;
using Suite.Graph.V1;

namespace Suite.Cli.Commands;

internal sealed class DiffCommand : SuiteCommand
{
    private readonly Argument<string> _container;

    public DiffCommand()
        : base("diff", "CONTAINER", "List what a container changed in its file system: A added, C changed, D deleted")
    {
        _container = One("CONTAINER");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var found = await call.Services.Containers.InspectAsync(
            new Suite.Container.V1.InspectRequest { Container = call.Get(_container) }, cancellationToken: cancellationToken);
        using var changes = call.Services.Graph.RootfsChanges(new RootfsChangesRequest { Key = found.Container.Id }, cancellationToken: cancellationToken);
        var all = new List<RootfsChange>();
        await foreach (var page in changes.ResponseStream.ReadAllAsync(cancellationToken))
            all.AddRange(page.Changes);
        foreach (var change in OwnChanges.Of(all, found))
            await call.Out.WriteLineAsync($"{Letter(change.Kind)} {change.Path}");

        return ExitCodes.Success;
    }

    private static char Letter(ChangeKind kind) => kind switch
    {
        ChangeKind.Added => 'A',
        ChangeKind.Deleted => 'D',
        _ => 'C',
    };
}
