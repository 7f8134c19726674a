using System.CommandLine;
using Suite.Cli.Output;
using Suite.Graph.V1;

namespace Suite.Cli.Commands;

internal sealed class LoadCommand : SuiteCommand
{
    private readonly Option<string?> _input;
    private readonly Option<bool> _quiet;

    public LoadCommand()
        : base("load", "[OPTIONS]", "Take images from an archive, as save or docker save wrote it")
    {
        _input = Text("--input", "FILE", "The archive (default: standard input)", "-i");
        _quiet = Flag("--quiet", "Print ids only", "-q");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        await using var source = ArchiveFile.Open(call, call.Get(_input));
        using var load = call.Services.Images.Load(cancellationToken: cancellationToken);
        await ArchiveFile.SendAsync(source, load.RequestStream, data => new LoadRequest { Data = data }, cancellationToken);
        foreach (var image in (await load.ResponseAsync).Images)
        {
            if (call.Get(_quiet))
                await call.Out.WriteLineAsync(image.Id);
            else if (image.Tags.Count == 0)
                await call.Out.WriteLineAsync($"Loaded image ID: {image.Id}");
            foreach (var tag in call.Get(_quiet) ? [] : image.Tags)
                await call.Out.WriteLineAsync($"Loaded image: {ImageNames.Familiar(tag)}");
        }

        return ExitCodes.Success;
    }
}
