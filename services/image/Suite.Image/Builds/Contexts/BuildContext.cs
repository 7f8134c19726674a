using Suite.Image.Builds.Copies;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Image.Builds.Contexts;

/// <summary>The context of one build: its tree, and its files as they are needed. What the store has already is not asked for.</summary>
/// <param name="ask">Asks the caller for the content of files.</param>
internal sealed class BuildContext(ContextStore store, Func<IReadOnlyCollection<Digest>, Task> ask) : IDisposable
{
    private const int MaxDockerfile = 1024 * 1024;

    private readonly TaskCompletionSource<ContextTree> _tree = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<Digest, TaskCompletionSource> _coming = [];
    private readonly List<IDisposable> _holds = [];
    private Exception? _ended;

    public ContextTree Draft { get; } = new(store);

    /// <summary>Whole once the caller has told all of it.</summary>
    public Task<ContextTree> TreeAsync(CancellationToken cancellationToken) => _tree.Task.WaitAsync(cancellationToken);

    public void Complete() => _tree.TrySetResult(Draft);

    public void Fail(Exception reason)
    {
        _tree.TrySetException(reason);
        lock (_coming)
        {
            _ended = reason;
            foreach (var waiting in _coming.Values) waiting.TrySetException(reason);
        }
    }

    /// <summary>Returns when the content of these is here; it stays until the build has ended.</summary>
    public async Task RequireAsync(IEnumerable<SourceFile> files, CancellationToken cancellationToken)
    {
        Digest[] wanted = [.. files.Where(f => f.IsFile && f.Size > 0).Select(f => f.Digest!).Distinct()];
        var missing = new List<Digest>();
        var waiting = new List<Task>();
        lock (_coming)
        {
            _holds.Add(store.Hold(wanted));
            foreach (var digest in wanted)
            {
                if (store.Has(digest)) continue;
                // Nobody would send it any more.
                if (_ended is not null) throw new SuiteException(ErrorKind.Unavailable, _ended.Message, _ended);
                if (!_coming.TryGetValue(digest, out var coming))
                {
                    _coming.Add(digest, coming = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                    missing.Add(digest);
                }

                waiting.Add(coming.Task);
            }
        }

        if (missing.Count > 0) await ask(missing).ConfigureAwait(false);
        await Task.WhenAll(waiting).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>After content was not what it should be: what is damaged goes, so that the next build asks for it.</summary>
    public void Distrust(IEnumerable<SourceFile> files)
    {
        foreach (var digest in files.Select(f => f.Digest).OfType<Digest>().Distinct()) store.Check(digest);
    }

    /// <summary>A file has come.</summary>
    /// <param name="asked">The digest it was asked for by.</param>
    public void Receive(ContextDraft draft, Digest asked)
    {
        var digest = draft.Finish();
        if (digest != asked)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"A file of the context changed while it was built from: it was {asked} and is {digest} now. Build again.");
        draft.Keep(digest);
        lock (_coming)
        {
            if (_coming.Remove(digest, out var coming)) coming.TrySetResult();
        }
    }

    public async Task<byte[]> ReadDockerfileAsync(string name, CancellationToken cancellationToken)
    {
        var tree = await TreeAsync(cancellationToken).ConfigureAwait(false);
        if (tree.Find(name) is not { IsFile: true } file)
            throw new SuiteException(ErrorKind.InvalidArgument, $"The build's context has no file '{name}': name the Dockerfile with --file.");
        if (file.Size > MaxDockerfile) throw new SuiteException(ErrorKind.InvalidArgument, $"The Dockerfile is larger than {MaxDockerfile} bytes.");
        if (file.Size == 0) return [];
        await RequireAsync([file], cancellationToken).ConfigureAwait(false);
        return store.TryRead(file.Digest!, MaxDockerfile) ?? throw new SuiteException(ErrorKind.Corrupt, "The kept Dockerfile is damaged: build again, and it is sent anew.");
    }

    public void Dispose()
    {
        lock (_coming)
        {
            foreach (var hold in _holds) hold.Dispose();
        }
    }
}
