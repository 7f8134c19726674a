using System.Text;
using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Instructions;
using Suite.Image.Builds.Variables;
using Suite.Linux.Errors;

namespace Suite.Image.Builds.Stages;

/// <summary>Builds one stage: its base, the triggers that the base brings, its instructions.</summary>
internal sealed class StageBuild(BaseImages images, CopyInstruction copy, RunInstruction run, WorkdirInstruction workdir, TimeProvider time)
{
    /// <param name="stages">The other stages; asked for one, it begins it or waits for it.</param>
    public async Task<StageState> RunAsync(BuildSession session, Stage stage, Func<Stage, Task<StageState>> stages, CancellationToken cancellationToken)
    {
        var number = 0;
        StageState state = null!;
        await StepAsync(session, session.Step(stage, number++, stage.From.Line, stage.From.Text), stage.From, async _ =>
        {
            state = await BeginAsync(session, stage, stages, cancellationToken).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);

        foreach (var trigger in Triggers(stage, state))
            await ApplyAsync(session, stage, state, trigger, session.Step(stage, 0, trigger.Line, $"ONBUILD {trigger.Text}"), stages, cancellationToken).ConfigureAwait(false);
        foreach (var i in stage.Instructions)
        {
            if (i.Keyword == "ARG") Declare(session, state, i);
            else await ApplyAsync(session, stage, state, i, session.Step(stage, number++, i.Line, Shown(i)), stages, cancellationToken).ConfigureAwait(false);
        }

        return state;
    }

    private async Task<StageState> BeginAsync(BuildSession session, Stage stage, Func<Stage, Task<StageState>> stages, CancellationToken cancellationToken)
    {
        StageState state;
        if (stage.BaseStage is { } below)
        {
            state = (await stages(below).ConfigureAwait(false)).Continue();
        }
        else if (stage.Base == "scratch")
        {
            state = StageState.On(null);
        }
        else
        {
            var image = await images.GetAsync(session, stage.From, stage.Base, stage.Platform, cancellationToken).ConfigureAwait(false);
            state = StageState.On(image.Config);
            if (!stage.Platform.Accepts(new Oci.Images.Platform { Os = image.Config.Os, Architecture = image.Config.Architecture, Variant = image.Config.Variant }))
            {
                await session.Report.WarnedAsync(new BuildWarning(
                    "InvalidBaseImagePlatform", stage.From.Line,
                    $"Base image {stage.Base} was pulled with platform \"{image.Config.Os}/{image.Config.Architecture}\", expected \"{stage.Platform}\" for current build", "")).ConfigureAwait(false);
            }

            state.Layers.AddRange(image.Layers);
            state.History.AddRange(image.Config.History ?? []);
        }

        (state.Platform, state.Epoch) = (stage.Platform, session.Options.Epoch);
        return state;
    }

    /// <summary>What images and stages say should be done to those that go on from them: once, so it is taken off.</summary>
    private static IReadOnlyList<Instruction> Triggers(Stage stage, StageState state)
    {
        var triggers = state.Config.OnBuild();
        if (triggers.Count == 0) return [];
        state.Config = state.Config.WithOnBuild([]);
        var instructions = DockerfileParser.Parse(Encoding.UTF8.GetBytes(string.Join('\n', triggers))).Instructions;
        return [.. instructions.Select(i => i with { Line = stage.From.Line, EndLine = stage.From.EndLine })];
    }

    private async Task ApplyAsync(
        BuildSession session, Stage stage, StageState state, Instruction i, BuildStep step, Func<Stage, Task<StageState>> stages, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (i.Keyword == "ARG")
        {
            Declare(session, state, i);
            return;
        }

        await StepAsync(session, step, i, async current =>
        {
            switch (i.Keyword)
            {
                case "COPY" or "ADD": return await copy.RunAsync(session, stage, state, i, stages, cancellationToken).ConfigureAwait(false);
                case "RUN": return await run.RunAsync(session, stage, state, i, current, stages, cancellationToken).ConfigureAwait(false);
                case "WORKDIR": return await workdir.RunAsync(session, state, i, cancellationToken).ConfigureAwait(false);
                default:
                    state.Record(ConfigInstructions.Apply(i, state)!, layer: false, session.Created);
                    return false;
            }
        }).ConfigureAwait(false);
    }

    private async Task StepAsync(BuildSession session, BuildStep step, Instruction i, Func<BuildStep, Task<bool>> work)
    {
        var began = time.GetTimestamp();
        await session.Report.BegunAsync(step).ConfigureAwait(false);
        bool cached;
        try
        {
            cached = await work(step).ConfigureAwait(false);
        }
        catch (SuiteException e) when (e is not BuildException)
        {
            throw i.Failed(e.Kind, e.Message, e);
        }

        await session.Report.EndedAsync(step, cached, time.GetElapsedTime(began)).ConfigureAwait(false);
    }

    private static void Declare(BuildSession session, StageState state, Instruction i)
    {
        var text = new List<string>();
        foreach (var (name, said) in GlobalScope.Arguments(i))
        {
            string? value = null;
            if (session.Scope.Given.TryGetValue(name, out var given)) value = given;
            else if (said is not null) value = state.Expansion.Of(i, said);
            else if (session.Scope.Values.TryGetValue(name, out var global)) value = global;
            if (value is not null) state.Variables[name] = value;
            state.Args[name] = value;
            if (name == "SOURCE_DATE_EPOCH" && long.TryParse(value, out var epoch)) state.Epoch = epoch;
            text.Add(value is null ? name : $"{name}={value}");
        }

        state.Record($"ARG {string.Join(' ', text)}", layer: false, session.Created);
    }

    private static string Shown(Instruction i) => i.Heredocs.Count == 0 ? i.Text : $"{i.Text} ({i.Heredocs[0].Content.Split('\n')[0].Trim()}…)";
}
