using System.CommandLine;
using Grpc.Core;
using Suite.Cli.Output;
using Suite.Cli.Registries;
using Suite.Graph.V1;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Cli.Commands;

internal sealed class PushCommand : SuiteCommand
{
    private readonly Option<bool> _all;
    private readonly Option<bool> _quiet;
    private readonly Argument<string> _reference;

    public PushCommand()
        : base("push", "[OPTIONS] NAME[:TAG]", "Send an image to its registry")
    {
        _all = Flag("--all-tags", "Every tag that the name has here", "-a");
        _quiet = Flag("--quiet", "Show no progress", "-q");
        _reference = One("IMAGE");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var reference = call.Get(_reference);
        if (!call.Get(_all))
            return await PushAsync(call, reference, cancellationToken);
        if (Reference.Parse(reference) is { Tag: not null } or { Digest: not null })
            throw new SuiteException(ErrorKind.InvalidArgument, $"--all-tags pushes every tag, and {reference} names one");
        var list = await call.Services.Images.ListAsync(new ListRequest { Reference = reference }, cancellationToken: cancellationToken);
        var repository = Reference.Parse(reference).Name;
        var names = list.Images.SelectMany(i => i.Tags).Where(t => Reference.Parse(t).Name == repository).Order(StringComparer.Ordinal).ToList();
        if (names.Count == 0)
            throw new SuiteException(ErrorKind.NotFound, $"there is no image {reference} here: tag one first");
        foreach (var name in names)
            await PushAsync(call, ImageNames.Familiar(name), cancellationToken);
        return ExitCodes.Success;
    }

    private async Task<int> PushAsync(Invocation call, string reference, CancellationToken cancellationToken)
    {
        var quiet = call.Get(_quiet);
        using var push = call.Services.Images.Push(new PushRequest { Reference = reference, Auth = await RegistryLogin.ForAsync(reference, call.Session, cancellationToken) }, cancellationToken: cancellationToken);
        PushResult? result = null;
        using (var progress = TransferProgress.For(call.Session, quiet))
        {
            await foreach (var message in push.ResponseStream.ReadAllAsync(cancellationToken))
            {
                switch (message.EventCase)
                {
                    case PushResponse.EventOneofCase.Resolved:
                        progress.Begin(message.Resolved);
                        break;
                    case PushResponse.EventOneofCase.Blob:
                        progress.Report(message.Blob);
                        break;
                    case PushResponse.EventOneofCase.Result:
                        result = message.Result;
                        break;
                }
            }
        }

        if (result is null)
            throw new SuiteException(ErrorKind.Unavailable, $"the push of {reference} ended before it was complete: suite-image stopped; see its log, then try again");
        // Below the bars, which are drawn once more when they are done.
        if (!quiet)
            await call.Error.WriteLineAsync($"Digest: {result.Digest}, {result.Size} bytes");
        await call.Out.WriteLineAsync(reference);
        return ExitCodes.Success;
    }
}
