using Suite.Image.Builds.Cache;
using Suite.Image.Builds.Copies;
using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Runs;
using Suite.Image.Builds.Stages;
using Suite.Image.Graph.Drivers;
using Suite.Image.Layers;

namespace Suite.Image.Builds.Instructions;

/// <summary>WORKDIR: makes the folder where it is missing, and it belongs to the user.</summary>
internal sealed class WorkdirInstruction(BuildCache cache, LayerWriter writer, IGraphDriver driver)
{
    public async Task<bool> RunAsync(BuildSession session, StageState state, Instruction i, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(state.Absolute(state.Expansion.Of(i, i.Arguments)));
        state.Config = state.Config with { WorkingDir = path };
        var owner = state.Config.User ?? "";
        var key = new CacheKey("workdir").Add(state.Layers).Add(path).Add(owner).Add(state.Epoch?.ToString() ?? "").Finish();
        var step = await cache.RunAsync([key], state.Layers, i.Text, session.Options.NoCache, token => MakeAsync(state, i, path, token), cancellationToken).ConfigureAwait(false);
        session.Keep(step, [key]);
        if (step.Layer is not null) state.Take(step);
        state.Record($"WORKDIR {path}", step.Layer is not null, session.Created);
        return step.WasCached;
    }

    private async Task<WrittenLayer?> MakeAsync(StageState state, Instruction i, string path, CancellationToken cancellationToken)
    {
        var view = driver.View([.. state.Layers.Select(l => l.DriverId)]);
        var entries = CopyPlan.OfDirectory(i, path, view);
        if (entries.Count == 0) return null;
        var (user, group) = state.Config.User is { Length: > 0 } owner ? ImageAccounts.Of(view).Find(i, owner) : (0, 0);
        var attributes = new CopyAttributes(user, group, null, state.Epoch ?? 0, state.Epoch);
        return await writer.WriteAsync(state.Layers, archive => new LayerArchive(attributes).Write(archive, entries, cancellationToken), cancellationToken).ConfigureAwait(false);
    }
}
