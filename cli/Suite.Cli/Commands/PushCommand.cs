using System.CommandLine;
using Grpc.Core;
using Suite.Cli.Output;
using Suite.Cli.Registries;
using Suite.Graph.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

internal sealed class PushCommand : SuiteCommand
{
    private readonly Option<bool> _quiet;
    private readonly Argument<string> _reference;

    public PushCommand()
        : base("push", "[OPTIONS] NAME[:TAG]", "Send an image to its registry")
    {
        _quiet = Flag("--quiet", "Show no progress", "-q");
        _reference = One("IMAGE");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var reference = call.Get(_reference);
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
