using Suite.Image.Builds.Cache;
using Suite.Image.Builds.Copies;
using Suite.Image.Builds.Git;
using Suite.Image.Builds.Stages;
using Suite.Image.Graph.Drivers;
using Suite.Image.Records;
using Suite.Linux.Files;
using Suite.Oci.References;

namespace Suite.Image.Builds.Instructions;

/// <summary>Finds what a COPY or ADD takes, tells what it is for the cache, and brings it here.</summary>
internal sealed class CopySources(IGraphDriver driver, BaseImages images, AddedUrl urls, GitCheckout git, BuildFolders folders)
{
    /// <summary>What is known without reading files of other stages.</summary>
    public async Task<Found> FindAsync(
        BuildSession session, Stage stage, CopyWords words, Func<Stage, Task<StageState>> stages, CancellationToken cancellationToken)
    {
        var found = new Found(words, BuildFolders.Make(folders.Temporary));
        try
        {
            foreach (var (_, file) in words.Inline)
            {
                var (tree, given) = GivenFiles.Of(file.Name, System.Text.Encoding.UTF8.GetBytes(file.Content), 0x1A4, session.Options.Epoch ?? 0);
                found.Add(tree, given);
            }

            var remote = words.Sources.Where(s => IsRemote(words, s)).ToArray();
            foreach (var source in remote) await FetchAsync(session, found, source, cancellationToken).ConfigureAwait(false);
            var local = words.Sources.Except(remote).ToArray();
            if (local.Length == 0) return found;
            if (words.From.Length > 0) await FromAsync(session, stage, found, local, stages, cancellationToken).ConfigureAwait(false);
            else await FromContextAsync(session, found, local, cancellationToken).ConfigureAwait(false);
            return found;
        }
        catch
        {
            found.Dispose();
            throw;
        }
    }

    /// <summary>The files of a context come now, and archives are unpacked.</summary>
    public static async Task<IReadOnlyList<CopySource>> BringAsync(BuildSession session, Found found, CancellationToken cancellationToken)
    {
        if (found.Context is { } context)
        {
            var excluded = new ExcludedPaths(found.Words.Excluded);
            var files = found.Sources.Where(s => s.Tree == context).SelectMany(s => s.Matches).SelectMany(m =>
                m.IsDirectory ? context.Below(m).Where(f => excluded.IsEmpty || !excluded.Has(m.Path.Length == 0 ? f.Path : f.Path[(m.Path.Length + 1)..])) : [m]);
            await session.Context.RequireAsync(files, cancellationToken).ConfigureAwait(false);
        }

        foreach (var repository in found.Repositories)
        {
            var (tree, root) = await repository.BringAsync(hold => found.Hold(hold), cancellationToken).ConfigureAwait(false);
            found.Add(tree, root);
        }

        if (found.Words.At.Keyword != "ADD") return found.Sources;
        return await Task.Run(() => (IReadOnlyList<CopySource>)[.. found.Sources.SelectMany(s => Unpacked(found, s, cancellationToken))], cancellationToken).ConfigureAwait(false);
    }

    private static IEnumerable<CopySource> Unpacked(Found found, CopySource source, CancellationToken cancellationToken)
    {
        // Here-documents are never archives, and what a URL gives is one only if that is said.
        var may = found.Words.Unpack ?? source.Tree == found.Context;
        foreach (var match in source.Matches)
        {
            var folder = Path.Combine(found.Folder, Guid.NewGuid().ToString("N"));
            if (!may || !match.IsFile || match.Size == 0)
            {
                yield return source with { Matches = [match] };
                continue;
            }

            Directory.CreateDirectory(folder);
            if (!AddedArchive.TryUnpack(() => source.Tree.Open(match), match.Path, folder, cancellationToken))
            {
                yield return source with { Matches = [match] };
                continue;
            }

            var tree = found.Hold(LayerSource.Of(folder));
            yield return new CopySource(tree, [tree.Find("")!]);
        }
    }

    private static bool IsRemote(CopyWords words, string source)
    {
        if (!AddedUrl.IsOne(source) && !AddedGit.IsOne(words.At, source)) return false;
        return words.At.Keyword == "ADD" ? true : throw words.At.Wrong($"takes no URL and no git repository: ADD {source} does");
    }

    private async Task FetchAsync(BuildSession session, Found found, string url, CancellationToken cancellationToken)
    {
        var (at, words) = (found.Words.At, found.Words);
        if (AddedGit.IsOne(at, url))
        {
            found.Add(await AddedGit.FindAsync(
                at, git, url, words.Checksum, words.KeepGitDirectory, found.Folder, session.Options.Agents, session.Options.Secrets, hold => found.Hold(hold), cancellationToken).ConfigureAwait(false));
            return;
        }

        var expected = words.Checksum.Length == 0 ? null
            : Digest.TryParse(words.Checksum, out var said) ? said : throw at.Wrong($"has --checksum={words.Checksum}, which is no digest such as sha256:…");
        var path = Path.Combine(found.Folder, Guid.NewGuid().ToString("N"));
        var (digest, modified) = await urls.FetchAsync(at, url, path, session.Options.Secrets, cancellationToken).ConfigureAwait(false);
        if (expected is not null && expected != digest) throw at.Wrong($"fetched {url}, and its content is {digest} and not {expected}");
        var (tree, file) = GivenFiles.Of(AddedUrl.NameOf(at, url), path, 0x180, modified);
        found.Add(tree, file);
    }

    private static async Task FromContextAsync(BuildSession session, Found found, string[] sources, CancellationToken cancellationToken)
    {
        var tree = await session.Context.TreeAsync(cancellationToken).ConfigureAwait(false);
        found.Context = tree;
        foreach (var source in sources) found.Add(tree, SourceMatch.Find(found.Words.At, tree, Plain(source), "the context", found.Words.Parents), Pivot(found.Words, source));
    }

    private async Task FromAsync(BuildSession session, Stage stage, Found found, string[] sources, Func<Stage, Task<StageState>> stages, CancellationToken cancellationToken)
    {
        var (at, from) = (found.Words.At, found.Words.From);
        IReadOnlyList<LayerRecord> layers;
        if (session.Graph.Source(stage, at, from) is { } other) layers = (await stages(other).ConfigureAwait(false)).Layers;
        else layers = (await images.GetAsync(session, at, from, stage.Platform, cancellationToken).ConfigureAwait(false)).Layers;
        found.From = layers;
        var tree = found.Hold(new LayerSource(driver.View([.. layers.Select(l => l.DriverId)]).Open()));
        foreach (var source in sources) found.Add(tree, SourceMatch.Find(at, tree, Plain(source), $"'{from}'", found.Words.Parents), Pivot(found.Words, source));
    }

    private static string Plain(string source) => string.Join('/', source.Split('/').Where(p => p.Length > 0 && p != "."));

    /// <summary>What stands before <c>/./</c> is left out of what --parents keeps.</summary>
    private static string? Pivot(CopyWords words, string source) =>
        !words.Parents ? null : source.IndexOf("/./", StringComparison.Ordinal) is var at and >= 0 ? Plain(source[..at]) : "";

    /// <summary>Sources, with what has to be let go of after the step.</summary>
    internal sealed class Found(CopyWords words, string folder) : IDisposable
    {
        private readonly List<IDisposable> _holds = [];
        private readonly List<CopySource> _sources = [];
        private readonly List<AddedGit> _repositories = [];

        public CopyWords Words => words;

        public string Folder => folder;

        public IReadOnlyList<CopySource> Sources => _sources;

        /// <summary>Their files are no sources before they are brought.</summary>
        public IReadOnlyList<AddedGit> Repositories => _repositories;

        public Contexts.ContextTree? Context { get; set; }

        /// <summary>The layers that the sources are in; null: they come from elsewhere.</summary>
        public IReadOnlyList<LayerRecord>? From { get; set; }

        public void Add(AddedGit repository) => _repositories.Add(repository);

        public void Add(ISourceTree tree, SourceFile file) => _sources.Add(new CopySource(tree, [file]));

        public void Add(ISourceTree tree, IReadOnlyList<SourceFile> matches, string? pivot) => _sources.Add(new CopySource(tree, matches, Pivot: pivot));

        public T Hold<T>(T hold)
            where T : IDisposable
        {
            _holds.Add(hold);
            return hold;
        }

        /// <summary>All of the sources' content.</summary>
        public void AddContentTo(CacheKey key, CancellationToken cancellationToken)
        {
            foreach (var repository in _repositories) repository.AddTo(key);
            foreach (var source in _sources) SourceIdentity.AddTo(key, source.Tree, source.Matches, cancellationToken);
        }

        public void Dispose()
        {
            foreach (var hold in _holds) hold.Dispose();
            FileTree.Remove(folder);
        }
    }
}
