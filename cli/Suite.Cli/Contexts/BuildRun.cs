using System.Formats.Tar;
using Google.Protobuf;
using Grpc.Core;
using Suite.Cli.Agents;
using Suite.Cli.Archives;
using Suite.Cli.Commands;
using Suite.Graph.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Contexts;

/// <summary>One Build call from its options to its result: the context goes one way; steps, output and archives come the other.</summary>
internal sealed class BuildRun(Invocation call, BuildContext context, BuildOutputOption output, LentAgents agents, BuildProgress progress)
{
    private readonly List<BuildWarning> _warnings = [];
    private BuildResult? _result;
    private BuildFault? _fault;

    public IReadOnlyList<BuildWarning> Warnings => _warnings;

    public async Task<BuildResult> RunAsync(BuildOptions options, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var build = call.Services.Images.Build(cancellationToken: ending.Token);
        using var writer = new BuildWriter(build.RequestStream);
        await writer.WriteAsync(new BuildRequest { Options = options }, cancellationToken);
        var sending = new ContextSending(context, writer, ending);
        var sent = sending.RunAsync();
        using var relay = new AgentRelay(agents.Sockets, piece => writer.WriteAsync(new BuildRequest { Agent = piece }, ending.Token));
        try
        {
            await TakeAsync(build.ResponseStream, sending, relay, cancellationToken);
            progress.End(_warnings);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled && !cancellationToken.IsCancellationRequested)
        {
            // The upload gave up, as a file could not be read: its reason is the one to say.
            await sent;
            throw;
        }
        catch (RpcException)
        {
            progress.End(_warnings);
            if (_fault is { } fault)
                await call.Error.WriteLineAsync(DockerfileExcerpt.Of(context.Dockerfile, context.DockerfileName, fault.Line, fault.EndLine));
            throw;
        }
        finally
        {
            // A build that failed does not want the rest of its context.
            await ending.CancelAsync();
        }

        return _result ?? throw new SuiteException(
            ErrorKind.Unavailable, "the build ended before it was complete: suite-image stopped; see its log, then try again");
    }

    private async Task TakeAsync(IAsyncStreamReader<BuildResponse> responses, ContextSending sending, AgentRelay relay, CancellationToken cancellationToken)
    {
        while (await responses.MoveNext(cancellationToken))
        {
            var message = responses.Current;
            switch (message.EventCase)
            {
                case BuildResponse.EventOneofCase.Archive:
                    await TakeArchiveAsync(new ArchivePieces(responses, m => _result = m), cancellationToken);
                    return;
                case BuildResponse.EventOneofCase.Step:
                    progress.Step(message.Step);
                    break;
                case BuildResponse.EventOneofCase.Output:
                    progress.Print(message.Output);
                    break;
                case BuildResponse.EventOneofCase.Wanted:
                    sending.Want(message.Wanted.Digests);
                    break;
                case BuildResponse.EventOneofCase.Agent:
                    relay.Take(message.Agent);
                    break;
                case BuildResponse.EventOneofCase.Warning:
                    _warnings.Add(message.Warning);
                    break;
                case BuildResponse.EventOneofCase.Fault:
                    _fault = message.Fault;
                    break;
                case BuildResponse.EventOneofCase.Result:
                    _result = message.Result;
                    break;
            }
        }
    }

    private async Task TakeArchiveAsync(ArchivePieces pieces, CancellationToken cancellationToken)
    {
        if (!output.IsFolder)
        {
            await ArchiveFile.ReceiveAsync(call, output.Destination, pieces, data => data, cancellationToken);
            return;
        }

        var folder = Path.GetFullPath(output.Destination!);
        Directory.CreateDirectory(folder);
        var unpacking = new LocalUnpacking(folder);
        await using var stream = new MessageReader(pieces.ReadAsync);
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync(cancellationToken: cancellationToken) is { } entry)
        {
            // Each entry's first name gives way to the folder.
            entry.Name = "tree/" + entry.Name;
            await unpacking.TakeAsync(entry, cancellationToken);
        }

        while (!(await pieces.ReadAsync(cancellationToken)).IsEmpty)
        {
        }
    }

    /// <summary>The archive's pieces among the messages, beginning with the current one.</summary>
    private sealed class ArchivePieces(IAsyncStreamReader<BuildResponse> responses, Action<BuildResult> ended) : IAsyncStreamReader<ByteString>
    {
        private bool _first = true;

        public ByteString Current => responses.Current.Archive?.Data ?? ByteString.Empty;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (_first)
            {
                _first = false;
                return true;
            }

            while (await responses.MoveNext(cancellationToken))
            {
                if (responses.Current.EventCase == BuildResponse.EventOneofCase.Archive)
                    return true;
                if (responses.Current.EventCase == BuildResponse.EventOneofCase.Result)
                    ended(responses.Current.Result);
            }

            return false;
        }

        public async Task<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken) => await MoveNext(cancellationToken) ? Current.Memory : default;
    }
}
