using System.CommandLine;
using Suite.Container.V1;
using Suite.Graph.V1;

namespace Suite.Cli.Commands;

internal sealed class ExportCommand : SuiteCommand
{
    private readonly Option<string?> _output;
    private readonly Argument<string> _container;

    public ExportCommand()
        : base("export", "[OPTIONS] CONTAINER", "Write a container's file system to an archive")
    {
        _output = Text("--output", "FILE", "The archive (default: standard output)", "-o");
        _container = One("CONTAINER");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var found = await call.Services.Containers.InspectAsync(
            new Suite.Container.V1.InspectRequest { Container = call.Get(_container) }, cancellationToken: cancellationToken);
        using var export = call.Services.Graph.ExportRootfs(new ExportRootfsRequest { Key = found.Container.Id }, cancellationToken: cancellationToken);
        await ArchiveFile.ReceiveAsync(call, call.Get(_output), export.ResponseStream, piece => piece.Data, cancellationToken);
        return ExitCodes.Success;
    }
}
