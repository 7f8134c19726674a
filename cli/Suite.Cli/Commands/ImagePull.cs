using Grpc.Core;
using Suite.Cli.Output;
using Suite.Cli.Registries;
using Suite.Graph.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

/// <summary>Fetches an image and shows how far it is.</summary>
internal static class ImagePull
{
    public static async Task<PullResult> RunAsync(
        Invocation call, string reference, string platform, bool quiet, CancellationToken cancellationToken)
    {
        var auth = await RegistryLogin.ForAsync(reference, call.Session, cancellationToken);
        using var pull = call.Services.Images.Pull(
            new PullRequest { Reference = reference, Platform = platform, Auth = auth }, cancellationToken: cancellationToken);
        using var progress = TransferProgress.For(call.Session, quiet);
        PullResult? result = null;
        await foreach (var message in pull.ResponseStream.ReadAllAsync(cancellationToken))
        {
            switch (message.EventCase)
            {
                case PullResponse.EventOneofCase.Resolved:
                    progress.Begin(message.Resolved);
                    break;
                case PullResponse.EventOneofCase.Blob:
                    progress.Report(message.Blob);
                    break;
                case PullResponse.EventOneofCase.Result:
                    result = message.Result;
                    break;
            }
        }

        return result ?? throw new SuiteException(
            ErrorKind.Unavailable, $"the pull of {reference} ended before it was complete: suite-image stopped; see its log, then try again");
    }
}
