using System.CommandLine;
using Suite.Cli.Registries;

namespace Suite.Cli.Commands;

internal sealed class PullCommand : SuiteCommand
{
    private readonly Option<bool> _all;
    private readonly Option<bool> _quiet;
    private readonly Option<string?> _platform;
    private readonly Argument<string> _reference;

    public PullCommand()
        : base("pull", "[OPTIONS] NAME[:TAG|@DIGEST]", "Fetch an image from a registry")
    {
        _all = Flag("--all-tags", "Every tag that the registry has", "-a");
        _quiet = Flag("--quiet", "Show no progress", "-q");
        _platform = Text("--platform", "OS/ARCH", "Another platform than this machine's");
        _reference = One("IMAGE");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var reference = call.Get(_reference);
        if (!call.Get(_all))
            return await PullAsync(call, reference, cancellationToken);
        foreach (var tag in await RegistryTags.ListAsync(call.Session, reference, cancellationToken))
            await PullAsync(call, $"{reference}:{tag}", cancellationToken);
        return ExitCodes.Success;
    }

    private async Task<int> PullAsync(Invocation call, string reference, CancellationToken cancellationToken)
    {
        var quiet = call.Get(_quiet);
        var result = await ImagePull.RunAsync(call, reference, call.Get(_platform) ?? "", quiet, cancellationToken);
        if (!quiet)
        {
            await call.Error.WriteLineAsync($"Digest: {result.Digest}");
            await call.Error.WriteLineAsync(result.Downloaded ? "Downloaded a newer image" : "The image is up to date");
        }

        await call.Out.WriteLineAsync(reference);
        return ExitCodes.Success;
    }
}
