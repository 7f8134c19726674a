using Google.Protobuf;
using Grpc.Core;
using Suite.Container.V1;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Journals;
using Suite.Runtime.Shims;
using Suite.Runtime.Store;

namespace Suite.Runtime.Streams;

/// <summary>suite.container.v1 Attach: a container's live streams, and its exit code at the end.</summary>
internal sealed class AttachCall(Inventory inventory, PodShims shims, PendingAttachments pending, ExitWaits waits, Journal journal, TimeProvider time)
{
    public async Task RunAsync(IAsyncStreamReader<AttachRequest> requests, IServerStreamWriter<AttachResponse> responses, CancellationToken cancellationToken)
    {
        if (!await requests.MoveNext(cancellationToken).ConfigureAwait(false) || requests.Current.Options is not { } options)
            throw new SuiteException(ErrorKind.InvalidArgument, "options: must come first, and name the container");
        var container = inventory.AnyContainer(options.Container);
        var connecting = ConnectAsync(container, options, cancellationToken);
        journal.Record(container, Actions.Attach);
        await responses.WriteAsync(new AttachResponse { Attached = true }, cancellationToken).ConfigureAwait(false);
        try
        {
            await CarryAsync(container, await connecting.ConfigureAwait(false), requests, responses, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested && inventory.TryGetContainer(container.Id, out var current) && current.State == ContainerState.Running)
        {
            journal.Record(current, Actions.Detach);
            throw;
        }
    }

    private async Task CarryAsync(
        ContainerRecord container, Attachment attachment, IAsyncStreamReader<AttachRequest> requests, IServerStreamWriter<AttachResponse> responses, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using (attachment.Streams)
        {
            var feeding = FeedAsync(container, attachment, requests, over.Token);
            using var pump = new OutputPump((isError, data, token) => responses.WriteAsync(
                new AttachResponse { Output = new Output { Stream = isError ? Container.V1.Stream.Stderr : Container.V1.Stream.Stdout, Data = ByteString.CopyFrom(data.Span) } }, token), time);
            await pump.PumpAsync(attachment.Streams.Output, attachment.Streams.Error, cancellationToken).ConfigureAwait(false);
            var ended = await attachment.End.WaitAsync(cancellationToken).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            await feeding.ConfigureAwait(false);
            await responses.WriteAsync(new AttachResponse { ExitCode = ended.ExitCode }, cancellationToken).ConfigureAwait(false);
        }
    }

    // Registered, or connected, when this returns its task.
    private Task<Attachment> ConnectAsync(ContainerRecord container, AttachOptions options, CancellationToken cancellationToken) =>
        container.State == ContainerState.Running
            ? ConnectRunningAsync(container, options.Stdin, cancellationToken)
            : pending.Register(container.Id, options.Stdin, options.Size?.ToDomain(), cancellationToken);

    private async Task<Attachment> ConnectRunningAsync(ContainerRecord container, bool input, CancellationToken cancellationToken)
    {
        var end = waits.EndOf(container);
        return new Attachment(await shims.Of(container.PodId).AttachAsync(container.Id, input, cancellationToken).ConfigureAwait(false), end);
    }

    private async Task FeedAsync(ContainerRecord container, Attachment attachment, IAsyncStreamReader<AttachRequest> requests, CancellationToken cancellationToken)
    {
        try
        {
            while (await requests.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                var part = requests.Current;
                if (part.PartCase == AttachRequest.PartOneofCase.Stdin && attachment.Streams.Input is { } input)
                    await input.WriteAsync(part.Stdin.Memory, cancellationToken).ConfigureAwait(false);
                else if (part.PartCase == AttachRequest.PartOneofCase.StdinEnd)
                    await EndInputAsync(container, attachment, cancellationToken).ConfigureAwait(false);
                else if (part.PartCase == AttachRequest.PartOneofCase.Size)
                    await ResizeAsync(container, part.Size, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or SuiteException)
        {
            // The process no longer reads, or the caller has gone: the output's side says how it ended.
        }
    }

    private async Task ResizeAsync(ContainerRecord container, TerminalSize size, CancellationToken cancellationToken)
    {
        await shims.Of(container.PodId).ResizeAsync(container.Id, null, size.ToDomain(), cancellationToken).ConfigureAwait(false);
        journal.Record(container, Actions.Resize, ("height", $"{size.Rows}"), ("width", $"{size.Columns}"));
    }

    // The shim ends a container's input when everyone who feeds it has hung up: this caller first, or it waits for us.
    private async Task EndInputAsync(ContainerRecord container, Attachment attachment, CancellationToken cancellationToken)
    {
        if (attachment.Streams.Input is { } input)
            await input.DisposeAsync().ConfigureAwait(false);
        await shims.Of(container.PodId).CloseInputAsync(container.Id, cancellationToken).ConfigureAwait(false);
    }
}
