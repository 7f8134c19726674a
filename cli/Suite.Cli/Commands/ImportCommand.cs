using System.CommandLine;
using Suite.Graph.V1;

namespace Suite.Cli.Commands;

internal sealed class ImportCommand : SuiteCommand
{
    private readonly Option<string[]> _change;
    private readonly Option<string?> _message;
    private readonly Option<string?> _platform;
    private readonly Argument<string> _file;
    private readonly Argument<string?> _reference;

    public ImportCommand()
        : base("import", "[OPTIONS] FILE|- [NAME[:TAG]]", "Make an image from the archive of a file system")
    {
        _change = List("--change", "INSTRUCTION", "A Dockerfile instruction for the configuration, such as CMD", "-c");
        _message = Text("--message", "TEXT", "A comment for the image's history", "-m");
        _platform = Text("--platform", "OS/ARCH", "Another platform than this machine's");
        _file = One("FILE");
        _reference = new Argument<string?>("NAME") { Arity = ArgumentArity.ZeroOrOne };
        Add(_reference);
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        await using var source = ArchiveFile.Open(call, call.Get(_file));
        using var import = call.Services.Images.Import(cancellationToken: cancellationToken);
        var options = new ImportOptions
        {
            Reference = call.Get(_reference) ?? "", Message = call.Get(_message) ?? "", Platform = call.Get(_platform) ?? "", Changes = { call.Get(_change) ?? [] },
        };
        await import.RequestStream.WriteAsync(new ImportRequest { Options = options }, cancellationToken);
        await ArchiveFile.SendAsync(source, import.RequestStream, data => new ImportRequest { Data = data }, cancellationToken);
        await call.Out.WriteLineAsync((await import.ResponseAsync).Image.Id);
        return ExitCodes.Success;
    }
}
