using System.CommandLine;
using Suite.Graph.V1;

namespace Suite.Cli.Commands;

internal sealed class SaveCommand : SuiteCommand
{
    private readonly Option<string?> _output;
    private readonly Argument<string[]> _images;

    public SaveCommand()
        : base("save", "[OPTIONS] IMAGE...", "Write images to an archive that docker load and OCI tools read")
    {
        _output = Text("--output", "FILE", "The archive (default: standard output)", "-o");
        _images = Several("IMAGE");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        using var save = call.Services.Images.Save(new SaveRequest { Images = { call.Get(_images) } }, cancellationToken: cancellationToken);
        await ArchiveFile.ReceiveAsync(call, call.Get(_output), save.ResponseStream, piece => piece.Data, cancellationToken);
        return ExitCodes.Success;
    }
}
