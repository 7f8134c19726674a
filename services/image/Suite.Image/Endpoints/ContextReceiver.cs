using Google.Protobuf;
using Grpc.Core;
using Suite.Graph.V1;
using Suite.Image.Builds.Agents;
using Suite.Image.Builds.Contexts;
using Suite.Image.Builds.Copies;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using Suite.Oci.References;

namespace Suite.Image.Endpoints;

/// <summary>Takes the context as the caller sends it, while the build goes on.</summary>
internal sealed class ContextReceiver(IAsyncStreamReader<BuildRequest> requests, ContextStore store, BuildContext context, CallerAgents agents)
{
    /// <summary>Paths and digests of this many files are some hundreds of megabytes.</summary>
    private const int MaxEntries = 2_000_000;

    private ContextDraft? _file;
    private Digest? _asked;
    private bool _complete;

    /// <summary>Never throws: what is wrong is told to the build, which waits for the context.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await requests.MoveNext(cancellationToken).ConfigureAwait(false)) await TakeAsync(requests.Current, cancellationToken).ConfigureAwait(false);
            context.Complete();
            context.Fail(new SuiteException(ErrorKind.Unavailable, "The caller of the build has ended its side before all files of the context had come."));
        }
        catch (Exception e)
        {
            context.Fail(e);
        }
        finally
        {
            _file?.Dispose();
            agents.End();
        }
    }

    private async Task TakeAsync(BuildRequest request, CancellationToken cancellationToken)
    {
        switch (request.PartCase)
        {
            case BuildRequest.PartOneofCase.Context when !_complete:
                var stream = new RequestStream<BuildRequest>(requests, Data, cancellationToken, request.Context.Memory);
                await Task.Factory.StartNew(
                    () => ContextTar.Read(stream, store, context.Draft, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
                Complete();
                break;
            case BuildRequest.PartOneofCase.Entries when !_complete:
                foreach (var entry in request.Entries.Entries) context.Draft.Add(ToFile(entry));
                if (context.Draft.Count > MaxEntries) throw new SuiteException(ErrorKind.ResourceExhausted, $"The context has more than {MaxEntries} files: leave some out with .dockerignore.");
                if (request.Entries.Last) Complete();
                break;
            case BuildRequest.PartOneofCase.File:
                Receive(request.File);
                break;
            case BuildRequest.PartOneofCase.Agent:
                agents.Receive(new AgentPiece(request.Agent.Connection, request.Agent.Id, request.Agent.Data.Memory, request.Agent.Last));
                break;
            default:
                throw new SuiteException(ErrorKind.InvalidArgument, "After the options of a build its context follows, once, and then the files that were asked for.");
        }
    }

    private void Complete()
    {
        _complete = true;
        context.Complete();
    }

    private void Receive(BuildFile piece)
    {
        if (_file is null)
        {
            _file = store.Create();
            _asked = ToDigest(piece.Digest);
        }

        _file.Write(piece.Data.Span);
        if (!piece.Last) return;
        using var file = _file;
        _file = null;
        context.Receive(file, _asked!);
    }

    private static ByteString Data(BuildRequest request) =>
        request.PartCase == BuildRequest.PartOneofCase.Context
            ? request.Context
            : throw new SuiteException(ErrorKind.InvalidArgument, "A context that is a tar stream has nothing else between its pieces.");

    private static SourceFile ToFile(BuildEntry entry)
    {
        var type = entry.Mode & FileCalls.S_IFMT;
        if (type is not (FileCalls.S_IFREG or FileCalls.S_IFDIR or FileCalls.S_IFLNK))
            throw new SuiteException(ErrorKind.InvalidArgument, $"The context's '{entry.Path}' is neither file, directory nor link.");
        return new SourceFile(entry.Path, entry.Mode)
        {
            Size = type == FileCalls.S_IFREG ? (long)Math.Min(entry.Size, long.MaxValue) : 0, Link = entry.LinkTarget, ModifiedSeconds = entry.ModifiedAt,
            Digest = type == FileCalls.S_IFREG ? ToDigest(entry.Digest) : null,
        };
    }

    private static Digest ToDigest(ByteString hash) =>
        hash.Length == 32 ? Digest.FromHash(DigestAlgorithm.Sha256, hash.Span) : throw new SuiteException(ErrorKind.InvalidArgument, "A file of a context needs the SHA-256 of its content, 32 bytes.");
}
