using Suite.Image.Archives;
using Suite.Image.Builds.Copies;
using Suite.Image.Builds.Stages;
using Suite.Image.Graph.Drivers;
using Suite.Image.Images;
using Suite.Image.Journals;
using Suite.Image.Pushes;
using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Builds.Outputs;

/// <summary>What a build gives: a recorded image, an archive of it, or the files of the last stage.</summary>
internal sealed class ImageOutput(ImageRecording recording, ImageIndexes indexes, ImageSave save, Pusher pusher, IGraphDriver driver, ImageJournal journal)
{
    public async Task<BuildOutcome> PutAsync(
        IReadOnlyList<(BuildSession Session, StageState State)> built, BuildOptions options, Stream archive, CancellationToken cancellationToken)
    {
        switch (options.Output)
        {
            case BuildOutput.None:
                return new BuildOutcome(null, null);
            case BuildOutput.Tree:
                await Task.Run(() => WriteTrees(built, archive, cancellationToken), cancellationToken).ConfigureAwait(false);
                return new BuildOutcome(null, null);
            case BuildOutput.Oci or BuildOutput.Docker:
                return await ArchiveAsync(built, options, archive, cancellationToken).ConfigureAwait(false);
            default:
                return await RecordAsync(built, options, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<BuildOutcome> RecordAsync(IReadOnlyList<(BuildSession Session, StageState State)> built, BuildOptions options, CancellationToken cancellationToken)
    {
        var records = new List<(BuiltImage Image, ImageRecord Record, NewManifest Manifest)>();
        foreach (var (session, state) in built)
        {
            var image = BuiltImage.Of(session, state);
            var manifest = ImageRecording.Manifest(image.Id, image.Config.Length, image.Layers);
            // With several platforms a name is given to all of them at once, below.
            var tags = built.Count == 1 ? options.Tags : [];
            records.Add((image, await recording.RunAsync(image.Config, image.Layers, session.Made(image.Layers), tags, manifest, cancellationToken).ConfigureAwait(false), manifest));
        }

        var main = records.FirstOrDefault(r => Platform.Current.Accepts(r.Image.Platform));
        if (main.Record is null) main = records[0];
        var digest = main.Manifest.Digest;
        if (built.Count > 1) digest = await indexes.RecordAsync([.. records.Select(r => (r.Image.Platform, r.Manifest))], main.Record, options.Tags, cancellationToken).ConfigureAwait(false);
        journal.Record(ImageActions.Create, main.Record, options.Tags.Count > 0 ? options.Tags[0].WithDefaultTag().Familiar : "");
        foreach (var tag in options.Tags) journal.Record(ImageActions.Tag, main.Record, tag.WithDefaultTag().Familiar);
        if (options.Push)
        {
            if (options.Tags.Count == 0) throw new SuiteException(ErrorKind.InvalidArgument, "A push needs a name: give one with --tag.");
            foreach (var tag in options.Tags)
                await pusher.PushAsync(tag.WithDefaultTag(), options.Credentials(tag, tag.Familiar), static _ => { }, cancellationToken).ConfigureAwait(false);
        }

        return new BuildOutcome(main.Record, digest);
    }

    private async Task<BuildOutcome> ArchiveAsync(
        IReadOnlyList<(BuildSession Session, StageState State)> built, BuildOptions options, Stream archive, CancellationToken cancellationToken)
    {
        var images = built.Select(b => BuiltImage.Of(b.Session, b.State)).Select(i => new SavedImage(
            new ImageRecord(i.Id, i.Config, ImageConfig.Parse(i.Config, "built configuration"), 0, [], [], i.Layers),
            ImageRecording.Manifest(i.Id, i.Config.Length, i.Layers), i.Platform)).ToArray();
        Reference[] tags = [.. options.Tags.Select(t => t.WithDefaultTag())];
        var digest = await Task.Run(() => save.WriteBuilt(images, tags, archive, cancellationToken), cancellationToken).ConfigureAwait(false);
        return new BuildOutcome(null, digest);
    }

    /// <summary>With several platforms, each in a folder of its own, as BuildKit does.</summary>
    private void WriteTrees(IReadOnlyList<(BuildSession Session, StageState State)> built, Stream archive, CancellationToken cancellationToken)
    {
        var entries = new List<CopyEntry>();
        var trees = new List<LayerSource>();
        try
        {
            foreach (var (session, state) in built)
            {
                var prefix = built.Count > 1 ? $"{session.Platform.ToString().Replace('/', '_')}/" : "";
                var tree = new LayerSource(driver.View([.. state.Layers.Select(l => l.DriverId)]).Open());
                trees.Add(tree);
                if (prefix.Length > 0) entries.Add(new CopyEntry(prefix.TrimEnd('/'), null, null, null));
                entries.AddRange(tree.Below(tree.Find("")!).Select(f => new CopyEntry(prefix + f.Path, f, tree, null)));
            }

            new LayerArchive(new CopyAttributes(null, null, null, 0, built[0].State.Epoch)).Write(archive, entries, cancellationToken);
            archive.Flush();
        }
        finally
        {
            foreach (var tree in trees) tree.Dispose();
        }
    }
}
