using System.Globalization;
using Suite.Container.V1;
using Suite.Image.Builds.Cache;
using Suite.Image.Builds.Runs;
using Suite.Image.Builds.Stages;
using Suite.Image.Builds.Variables;
using Suite.Image.Graph.Changes;
using Suite.Image.Graph.Drivers;
using Suite.Image.Layers;
using Suite.Linux.Errors;
using Instruction = Suite.Image.Builds.Dockerfiles.Instruction;

namespace Suite.Image.Builds.Instructions;

/// <summary>RUN: a container of suite-runtime on what is built so far; what it changed is the layer.</summary>
internal sealed class RunInstruction(RunContainers containers, RunMounts mounts, BuildRoots roots, BuildCache cache, LayerWriter writer, IGraphDriver driver, BuildFolders folders)
{
    public async Task<bool> RunAsync(
        BuildSession session, Stage stage, StageState state, Instruction i, BuildStep step, Func<Stage, Task<StageState>> stages, CancellationToken cancellationToken)
    {
        ForeignPlatform.Check(i, state.Platform);
        var command = RunCommand.Read(i, state);
        var spec = Spec(session, state, i, command);
        var key = new CacheKey("run").Add(state.Layers).Add(state.Platform.ToString()).Add(spec.Entrypoint).Add(spec.Env).Add(spec.User).Add(spec.WorkingDir)
            .Add(spec.Networks).Add(spec.Privileged ? "privileged" : "").Add(spec.ExtraHosts).Add(command.Script?.Text ?? "")
            .Add(state.Epoch?.ToString(CultureInfo.InvariantCulture) ?? "");
        using var prepared = await mounts.PrepareAsync(session, stage, state, i, key, stages, cancellationToken).ConfigureAwait(false);
        var digest = key.Finish();
        var made = await cache.RunAsync(
            [digest], state.Layers, i.Text, session.Options.NoCache, token => MakeAsync(session, state, i, command, spec, prepared, step, token), cancellationToken).ConfigureAwait(false);
        session.Keep(made, [digest]);
        state.Take(made);
        state.Record(command.History(state), layer: true, session.Created);
        return made.WasCached;
    }

    private static ContainerSpec Spec(BuildSession session, StageState state, Instruction i, RunCommand command)
    {
        var spec = new ContainerSpec
        {
            EntrypointSet = true, User = state.Config.User ?? "", WorkingDir = state.Config.WorkingDir is { Length: > 0 } folder ? folder : "/", Hostname = "buildkitsandbox",
            // As in every container build: a command may use sudo.
            AllowNewPrivileges = true,
        };
        spec.Entrypoint.AddRange(command.Arguments);
        spec.Env.AddRange(state.Variables.Select(v => $"{v.Key}={v.Value}"));
        spec.ExtraHosts.AddRange(session.Options.ExtraHosts);
        switch (i.Flag("network") ?? session.Options.Network)
        {
            case "default" or "":
                break;
            case "none":
                spec.Networks.Add("none");
                break;
            case "host" when session.Options.Allowed.Contains("network.host"):
                spec.Networks.Add("host");
                break;
            case "host":
                throw i.Failed(ErrorKind.PermissionDenied, "RUN asks for the host's network, which the caller did not allow: build with --allow network.host.");
            case var other:
                throw i.Wrong($"has --network={other}: default, none and host are known");
        }

        switch (i.Flag("security"))
        {
            case null or "sandbox":
                break;
            case "insecure" when session.Options.Allowed.Contains("security.insecure"):
                spec.Privileged = true;
                break;
            case "insecure":
                throw i.Failed(ErrorKind.PermissionDenied, "RUN asks for all privileges, which the caller did not allow: build with --allow security.insecure.");
            case var other:
                throw i.Wrong($"has --security={other}: sandbox and insecure are known");
        }

        return i.Flag("device") is null ? spec : throw i.NotBuilt("RUN --device");
    }

    private async Task<WrittenLayer?> MakeAsync(
        BuildSession session, StageState state, Instruction i, RunCommand command, ContainerSpec spec, RunMounts.Prepared prepared, BuildStep step, CancellationToken cancellationToken)
    {
        await mounts.ApplyAsync(session, i, prepared, spec, cancellationToken).ConfigureAwait(false);
        // Proxies are how this machine reaches others, and no part of what is built.
        spec.Env.AddRange(session.Scope.GivenProxies.Where(p => !state.Variables.ContainsKey(p.Key)).Select(p => $"{p.Key}={p.Value}"));
        using var script = command.Script is { } text ? ScriptFile.Write(folders, text, spec) : null;
        var root = roots.Add(state.Layers, state.Platform);
        try
        {
            (spec.Name, spec.Image) = ($"build-{Guid.NewGuid():N}", root);
            spec.Labels[RunContainers.Label] = i.Text.Length > 200 ? i.Text[..200] : i.Text;
            return await containers.RunAsync(
                spec, (data, isError) => session.Report.PrintedAsync(step, data, isError),
                (id, exit) => exit == 0 ? TakeAsync(state, spec, prepared, id, cancellationToken) : throw Unsuccessful(i, command, exit), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            roots.Remove(root);
        }
    }

    private async Task<WrittenLayer?> TakeAsync(StageState state, ContainerSpec spec, RunMounts.Prepared prepared, string id, CancellationToken cancellationToken)
    {
        var targets = spec.Mounts.Select(m => m.Target).Concat(spec.Tmpfs.Select(t => t.Target)).Select(t => t.Trim('/'));
        var rules = new ArchiveRules([.. RuntimeMounts.Paths, .. targets], state.Epoch);
        string[] below = [.. state.Layers.Select(l => l.DriverId)];
        return await writer.WriteAsync(
            state.Layers,
            archive => driver.WriteChanges(id, below, rules, prepared.Secrets.Count > 0 ? new SecretScan(archive, prepared.Secrets) : archive, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    private static SuiteException Unsuccessful(Instruction i, RunCommand command, int exit) => i.Failed(
        ErrorKind.FailedPrecondition, $"process \"{string.Join(' ', command.Arguments)}\" did not complete successfully: exit code: {exit}.");
}
