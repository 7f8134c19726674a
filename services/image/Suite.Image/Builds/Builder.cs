using Suite.Image.Graph.Drivers;
using Suite.Image.Images;
using Suite.Image.Layers;
using Suite.Image.Pulls;
using Suite.Image.Records;
using Suite.Image.Registries;
using Suite.Linux.Errors;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Builds;

/// <summary>Builds an image from a context: one stage, files of the context, no commands run. What is beyond that is refused by name.</summary>
internal sealed class Builder(
    LayerBuild layerBuild, ImageRecording recording, LayerStore layers, IGraphDriver driver, ImageDatabase database, Puller puller, ShortNames names, TimeProvider time)
{
    private static readonly HashSet<string> NotBuilt = ["RUN", "ONBUILD", "HEALTHCHECK", "SHELL"];

    private static readonly HashSet<string> Known =
        ["FROM", "ARG", "COPY", "ADD", "WORKDIR", "ENV", "LABEL", "CMD", "ENTRYPOINT", "USER", "STOPSIGNAL", "EXPOSE", "VOLUME", "MAINTAINER"];

    public async Task<ImageRecord> BuildAsync(BuildContext context, BuildOptions options, Func<BuildProgress, Task> tell, CancellationToken cancellationToken)
    {
        var instructions = DockerfileParser.Parse(context.ReadDockerfile(options.Dockerfile));
        Check(instructions);
        var state = new BuildState();
        var made = new List<WrittenLayer>();
        var recorded = false;
        try
        {
            for (var i = 0; i < instructions.Count; i++)
            {
                await tell(new BuildProgress(i + 1, instructions.Count, instructions[i])).ConfigureAwait(false);
                await StepAsync(instructions[i], context, options, state, made, cancellationToken).ConfigureAwait(false);
            }

            var record = await RecordAsync(options, state, made, cancellationToken).ConfigureAwait(false);
            recorded = true;
            return record;
        }
        finally
        {
            foreach (var layer in made) layer.Dispose();
            if (!recorded) await layers.AbandonAsync(made.Select(m => m.Blob.Digest)).ConfigureAwait(false);
        }
    }

    /// <summary>Everything that cannot be done is said before anything is.</summary>
    private static void Check(IReadOnlyList<Instruction> instructions)
    {
        var stages = 0;
        foreach (var i in instructions)
        {
            if (NotBuilt.Contains(i.Keyword)) throw i.NotBuilt($"the instruction {i.Keyword}");
            if (!Known.Contains(i.Keyword)) throw new SuiteException(ErrorKind.InvalidArgument, $"Dockerfile line {i.Line}: there is no instruction '{i.Keyword}'.");
            if (i.Keyword == "FROM" && ++stages > 1) throw i.NotBuilt("a second stage (FROM)");
            if (stages == 0 && i.Keyword != "ARG") throw i.Wrong("comes before FROM");
            var allowed = i.Keyword is "COPY" or "ADD" ? (string[])["chown", "chmod"] : [];
            if (i.Flags.Keys.Except(allowed).FirstOrDefault() is { } flag) throw i.NotBuilt($"{i.Keyword} --{flag}");
        }

        if (stages == 0) throw new SuiteException(ErrorKind.InvalidArgument, "The Dockerfile has no FROM.");
    }

    private async Task StepAsync(
        Instruction i, BuildContext context, BuildOptions options, BuildState state, List<WrittenLayer> made, CancellationToken cancellationToken)
    {
        IReadOnlyList<CopyEntry> entries = [];
        var attributes = new CopyAttributes(0, 0, null, Epoch(state));
        switch (i.Keyword)
        {
            case "ARG":
                Declare(i, options, state);
                return;
            case "FROM":
                await StartAsync(i, state, cancellationToken).ConfigureAwait(false);
                return;
            case "COPY" or "ADD":
                (entries, attributes) = CopyInstruction.Plan(i, context, state, View(state), attributes);
                break;
            case "WORKDIR":
                var words = Words.Split(i, i.Arguments, state.Variable);
                if (words is not [var path]) throw i.Wrong("takes exactly one path");
                state.Config = state.Config with { WorkingDir = Path.GetFullPath(state.Absolute(path)) };
                entries = CopyPlan.OfDirectory(state.Config.WorkingDir, View(state));
                break;
            default:
                ConfigInstructions.Apply(i, state);
                break;
        }

        if (entries.Count > 0)
        {
            var layer = await layerBuild.RunAsync(state.Layers, entries, attributes, cancellationToken).ConfigureAwait(false);
            made.Add(layer);
            state.Layers.Add(layer.Lease.ToRecord(layer.Blob));
        }

        state.History.Add(new HistoryEntry { Created = Created(state), CreatedBy = i.Text, EmptyLayer = entries.Count > 0 ? null : true });
    }

    private ILayerView View(BuildState state) => driver.View([.. state.Layers.Select(l => l.DriverId)]);

    private static void Declare(Instruction i, BuildOptions options, BuildState state)
    {
        foreach (var word in Words.SplitRaw(i, i.Arguments))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? word : word[..equals];
            if (options.Args.TryGetValue(name, out var given)) state.Args[name] = given;
            else if (equals >= 0) state.Args[name] = Words.Expand(i, word[(equals + 1)..], state.Variable);
        }
    }

    private async Task StartAsync(Instruction i, BuildState state, CancellationToken cancellationToken)
    {
        var words = Words.Split(i, i.Arguments, state.Variable);
        if (words.Count is not (1 or 3) || (words.Count == 3 && !words[1].Equals("AS", StringComparison.OrdinalIgnoreCase)))
            throw i.Wrong("takes an image, and a name after AS");
        state.Args.Clear(); // those before FROM are for FROM alone
        if (words[0] == "scratch")
        {
            state.Config = new ContainerConfig { Env = [BuildState.ShellPath] };
            return;
        }

        var image = database.Read(s => ImageFinder.Find(s, names.Here(words[0])))
            ?? (await names.TryAsync(words[0], name => puller.PullAsync(name, Credentials.Anonymous, Platform.Current, static _ => { }, cancellationToken)).ConfigureAwait(false)).Image;
        state.Base = image.Config;
        state.Config = image.Config.Config ?? new ContainerConfig();
        state.Layers.AddRange(image.Layers);
        state.History.AddRange(image.Config.History ?? []);
    }

    private async Task<ImageRecord> RecordAsync(BuildOptions options, BuildState state, List<WrittenLayer> made, CancellationToken cancellationToken)
    {
        var labels = new SortedDictionary<string, string>((state.Config.Labels ?? new Dictionary<string, string>()).ToDictionary(), StringComparer.Ordinal);
        foreach (var (name, value) in options.Labels) labels[name] = value;
        var config = new ImageConfig
        {
            Created = Created(state),
            Author = state.Base?.Author,
            Architecture = state.Base?.Architecture ?? Platform.Current.Architecture,
            Os = state.Base?.Os ?? Platform.Current.Os,
            Variant = state.Base is null ? Platform.Current.Variant : state.Base.Variant,
            Config = state.Config with { Labels = labels.Count > 0 ? labels : null },
            Rootfs = new RootFs { Type = "layers", DiffIds = [.. state.Layers.Select(l => l.DiffId)] },
            History = state.History,
            Others = state.Base?.Others,
        };
        return await recording.RunAsync(config, state.Layers, made, options.Tags, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>SOURCE_DATE_EPOCH as a build argument fixes every time (reproducible-builds.org/specs/source-date-epoch).</summary>
    private static long Epoch(BuildState state) => long.TryParse(state.Variable("SOURCE_DATE_EPOCH"), out var seconds) ? seconds : 0;

    private DateTimeOffset Created(BuildState state) =>
        long.TryParse(state.Variable("SOURCE_DATE_EPOCH"), out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : time.GetUtcNow();
}
