using System.Globalization;
using Suite.Image.Builds.Cache;
using Suite.Image.Builds.Copies;
using Suite.Image.Builds.Runs;
using Suite.Image.Builds.Stages;
using Suite.Image.Graph.Drivers;
using Suite.Image.Layers;
using Suite.Linux.Errors;
using Suite.Oci.References;
using Instruction = Suite.Image.Builds.Dockerfiles.Instruction;

namespace Suite.Image.Builds.Instructions;

/// <summary>COPY and ADD: a layer of files from the context, another stage, an image, the Dockerfile itself or a URL.</summary>
internal sealed class CopyInstruction(CopySources sources, BuildCache cache, LayerWriter writer, IGraphDriver driver)
{
    /// <returns>Whether it was in the cache.</returns>
    public async Task<bool> RunAsync(
        BuildSession session, Stage stage, StageState state, Instruction i, Func<Stage, Task<StageState>> stages, CancellationToken cancellationToken)
    {
        var words = CopyWords.Read(i, state);
        using var found = await sources.FindAsync(session, stage, words, stages, cancellationToken).ConfigureAwait(false);
        var keys = await Task.Run(() => Keys(session, state, words, found, cancellationToken), cancellationToken).ConfigureAwait(false);
        var step = await cache.RunAsync(
            keys, state.Layers, i.Text, session.Options.NoCache, token => MakeAsync(session, state, words, found, token), cancellationToken).ConfigureAwait(false);
        session.Keep(step, keys);
        state.Take(step);
        state.Record(words.History(), step.Layer is not null, session.Created);
        return step.WasCached;
    }

    /// <summary>
    /// By content. For files of other stages first by the layers they are in, which needs no reading: most often nothing in them changed.
    /// </summary>
    private static IReadOnlyList<Digest> Keys(BuildSession session, StageState state, CopyWords words, CopySources.Found found, CancellationToken cancellationToken)
    {
        var keys = new List<Digest>();
        if (found.From is { } from) keys.Add(Begin("copy from layers", session, state, words).Add(from).Finish());
        // The cheaper key hits where the layers are the same; the other one is there for the day that they are not.
        var content = Begin("copy", session, state, words);
        found.AddContentTo(content, cancellationToken);
        keys.Add(content.Finish());
        return keys;
    }

    private static CacheKey Begin(string kind, BuildSession session, StageState state, CopyWords words)
    {
        // What is linked does not look at what is below it, but for the names of owners.
        var apart = words.Link && words.Owner.All(c => char.IsAsciiDigit(c) || c == ':');
        return new CacheKey(kind).Add(apart ? [] : state.Layers).Add(words.At.Keyword).Add(words.Sources).Add(words.Destination).Add(words.Owner).Add(words.Mode)
            .Add(words.Link ? "link" : "").Add(words.Parents ? "parents" : "").Add(words.Unpack?.ToString() ?? "").Add(words.Excluded)
            .Add(state.Epoch?.ToString(CultureInfo.InvariantCulture) ?? "");
    }

    private async Task<WrittenLayer?> MakeAsync(BuildSession session, StageState state, CopyWords words, CopySources.Found found, CancellationToken cancellationToken)
    {
        var brought = await CopySources.BringAsync(session, found, cancellationToken).ConfigureAwait(false);
        var view = driver.View([.. state.Layers.Select(l => l.DriverId)]);
        var entries = CopyPlan.Of(words.At, brought, words.Destination, words.Link ? null : view, new ExcludedPaths(words.Excluded));
        var attributes = Attributes(state, words, view);
        try
        {
            return await writer.WriteAsync(state.Layers, archive => new LayerArchive(attributes).Write(archive, entries, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (SuiteException e) when (e.Kind == ErrorKind.Corrupt && found.Context is not null)
        {
            session.Context.Distrust(entries.Where(entry => entry.Tree == found.Context).Select(entry => entry.Source).OfType<SourceFile>());
            throw;
        }
    }

    private static CopyAttributes Attributes(StageState state, CopyWords words, ILayerView view)
    {
        var mode = words.Mode.Length == 0 ? null : Copies.FileMode.Parse(words.Mode) ?? throw words.At.Wrong($"has --chmod={words.Mode}: it takes an octal number, or letters such as u=rwX,go=rX");
        if (words.Owner.Length == 0) return new CopyAttributes(null, null, mode, state.Epoch ?? 0, state.Epoch);
        var (user, group) = ImageAccounts.Of(view).Find(words.At, words.Owner);
        return new CopyAttributes(user, group, mode, state.Epoch ?? 0, state.Epoch);
    }
}
