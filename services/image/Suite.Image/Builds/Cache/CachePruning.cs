using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Suite.Image.Builds.Contexts;
using Suite.Image.Builds.Runs;
using Suite.Image.Layers;
using Suite.Image.Options;
using Suite.Image.Records;
using Suite.Linux.Errors;

namespace Suite.Image.Builds.Cache;

/// <summary>One thing that a pruning removed, or would remove.</summary>
/// <param name="Bytes">What it frees: 0 for a step whose layer an image has.</param>
/// <param name="Used">Seconds since the epoch.</param>
internal sealed record PrunedItem(string What, long Bytes, long Used);

/// <summary>Keeps what builds leave for the next ones within the limits of the configuration: after each build, and when asked.</summary>
internal sealed partial class CachePruning(
    ImageDatabase database, LayerStore layers, ContextStore contexts, CacheMounts mounts, IOptions<ImageOptions> options, TimeProvider time, ILogger<CachePruning> logger)
    : BackgroundService
{
    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>To be called after a build.</summary>
    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It will look anyway.
        }
    }

    /// <param name="unusedSince">Only what was not used since, in seconds since the epoch; 0: anything.</param>
    /// <param name="keepBytes">What may stay.</param>
    public async Task<IReadOnlyList<PrunedItem>> RunAsync(long unusedSince, long keepBytes, bool dryRun, CancellationToken cancellationToken)
    {
        var chosen = Choose(unusedSince, keepBytes);
        if (dryRun || chosen.Count == 0) return [.. chosen.Select(c => c.Item)];
        await database.WriteAsync(
            s =>
            {
                foreach (var row in chosen.Select(c => c.Row).OfType<CacheRow>()) CacheQueries.Remove(s, row.Key);
            },
            cancellationToken).ConfigureAwait(false);
        foreach (var remove in chosen.Select(c => c.Remove).OfType<Action>()) remove();
        await layers.CollectAsync(cancellationToken).ConfigureAwait(false);
        return [.. chosen.Select(c => c.Item)];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var settings = options.Value.Builds;
        while (true)
        {
            await _wake.WaitAsync(stoppingToken).ConfigureAwait(false);
            try
            {
                var since = settings.MaxCacheHours > 0 ? time.GetUtcNow().AddHours(-settings.MaxCacheHours).ToUnixTimeSeconds() : 0;
                var gone = settings.MaxCacheHours > 0 ? await RunAsync(since, 0, dryRun: false, stoppingToken).ConfigureAwait(false) : [];
                var over = settings.MaxCacheBytes > 0 ? await RunAsync(0, settings.MaxCacheBytes, dryRun: false, stoppingToken).ConfigureAwait(false) : [];
                if (gone.Count + over.Count > 0) Pruned(gone.Count + over.Count, gone.Concat(over).Sum(p => p.Bytes));
            }
            catch (Exception e) when (e is SuiteException or IOException)
            {
                Failed(e.Message);
            }
        }
    }

    private List<Candidate> Choose(long unusedSince, long keepBytes)
    {
        var steps = database.Read(CacheQueries.All).Select(r => new Candidate(new PrunedItem(r.What, r.Shared ? 0 : r.Bytes, r.Used), r, null));
        var files = contexts.Idle().Select(f => new Candidate(new PrunedItem("context", f.Size, f.Used.ToUnixTimeSeconds()), null, () => contexts.Remove(f.Path)));
        var folders = mounts.Idle().Select(m => new Candidate(new PrunedItem("cache mount", m.Size, m.Used.ToUnixTimeSeconds()), null, () => mounts.Remove(m.Path)));
        Candidate[] all = [.. steps.Concat(files).Concat(folders).OrderBy(c => c.Item.Used)];
        var kept = all.Sum(c => c.Item.Bytes);
        var chosen = new List<Candidate>();
        foreach (var candidate in all)
        {
            if (unusedSince > 0 && candidate.Item.Used >= unusedSince) break;
            if (keepBytes > 0 && kept <= keepBytes) break;
            chosen.Add(candidate);
            kept -= candidate.Item.Bytes;
        }

        return chosen;
    }

    /// <param name="Row">Of a step.</param>
    /// <param name="Remove">Of what is a file or a folder.</param>
    private sealed record Candidate(PrunedItem Item, CacheRow? Row, Action? Remove);

    [LoggerMessage(LogLevel.Information, "Pruned the cache of builds: {Count} things, {Bytes} bytes")]
    private partial void Pruned(int count, long bytes);

    [LoggerMessage(LogLevel.Warning, "Pruning the cache of builds failed, and is tried again after the next build: {Reason}")]
    private partial void Failed(string reason);
}
