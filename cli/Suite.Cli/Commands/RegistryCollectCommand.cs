using System.CommandLine;
using System.Globalization;
using Grpc.Core;
using Suite.Cli.Output;
using Suite.Linux.Errors;
using Suite.Registry.V1;

namespace Suite.Cli.Commands;

internal sealed class RegistryCollectCommand : SuiteCommand
{
    private readonly Option<bool> _dryRun;
    private readonly Option<string?> _grace;

    public RegistryCollectCommand()
        : base("gc", "[OPTIONS]", "Remove what the rules do not keep and what nothing needs; pushes go on meanwhile")
    {
        _dryRun = Flag("--dry-run", "Tell what would go, and remove nothing");
        _grace = Text("--grace", "SECONDS", "How old it must be; 0 while nobody pushes (default: the registry's setting)");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var request = new CollectGarbageRequest { DryRun = call.Get(_dryRun) };
        if (call.Get(_grace) is { } text)
        {
            request.GraceSeconds = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? seconds
                : throw new SuiteException(ErrorKind.InvalidArgument, $"--grace {text} is not a number of seconds");
        }

        using var collection = call.Services.Registry.CollectGarbage(request, cancellationToken: cancellationToken);
        await foreach (var response in collection.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (response.Removed is { } removed)
                await call.Out.WriteLineAsync($"{removed.Kind} {NameOf(removed)}");
            else
                await call.Error.WriteLineAsync($"{(request.DryRun ? "Would remove" : "Removed")} {response.Summary.Removed}, {Figures.Size(response.Summary.Bytes)}");
        }

        return ExitCodes.Success;
    }

    private static string NameOf(CollectGarbageResponse.Types.Removed removed) => removed.Kind switch
    {
        "content" => removed.Name,
        "tag" => $"{removed.Repository}:{removed.Name}",
        _ => $"{removed.Repository}@{removed.Name}",
    };
}
