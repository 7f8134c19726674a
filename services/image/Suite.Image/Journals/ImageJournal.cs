using Suite.Hosting.Journals;
using Suite.Image.Records;
using Suite.Oci.References;

namespace Suite.Image.Journals;

/// <summary>What happens to images, in Docker's words.</summary>
internal sealed class ImageJournal(TimeProvider time) : EventJournal<ImageHappening>(time)
{
    /// <param name="name">As people write it; empty: it has none.</param>
    public void Record(string action, ImageRecord image, string name) => Record(action, image.Id.ToString(), name, image.Config.Config?.Labels);

    /// <summary>Of a transfer, which is about a name: that stands in the place of the id.</summary>
    public void RecordTransfer(string action, Reference reference, ImageRecord? image) =>
        Record(action, reference.WithDefaultTag().Familiar, Bare(reference).Familiar, image?.Config.Config?.Labels);

    /// <summary>Names taken away, and images gone.</summary>
    public void RecordRemoval(IEnumerable<ImageRecord> images, IReadOnlyCollection<string> untagged, IReadOnlyCollection<string> deleted)
    {
        foreach (var image in images)
        {
            foreach (var name in image.Tags.Intersect(untagged)) Record(ImageActions.Untag, image, Reference.Parse(name).Familiar);
            if (deleted.Contains(image.Id.ToString())) Record(ImageActions.Delete, image, image.Id.ToString());
        }
    }

    /// <summary>What was made of a container's files, which stands in the place of the image.</summary>
    /// <param name="key">The root file system's: the container's id.</param>
    public void RecordContainer(string action, string key, params (string Name, string Value)[] attributes) =>
        Add(at => new ImageHappening(at, action, key, attributes.ToDictionary(a => a.Name, a => a.Value)));

    /// <param name="bytes">That are free now.</param>
    public void RecordPruning(long bytes) =>
        Add(at => new ImageHappening(at, ImageActions.Prune, "", new Dictionary<string, string> { ["reclaimed"] = bytes.ToString(System.Globalization.CultureInfo.InvariantCulture) }));

    private void Record(string action, string id, string name, IReadOnlyDictionary<string, string>? labels)
    {
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (label, value) in labels ?? new Dictionary<string, string>()) attributes[label] = value;
        if (name.Length > 0) attributes["name"] = name;
        Add(at => new ImageHappening(at, action, id, attributes));
    }

    private static Reference Bare(Reference reference) => Reference.Parse(reference.Name);
}

/// <param name="At">Nanoseconds since the epoch.</param>
internal sealed record ImageHappening(long At, string Action, string Id, IReadOnlyDictionary<string, string> Attributes);

/// <summary>The words for what happens.</summary>
internal static class ImageActions
{
    public const string Commit = "commit";
    public const string Create = "create";
    public const string Delete = "delete";
    public const string Export = "export";
    public const string Import = "import";
    public const string Load = "load";
    public const string Prune = "prune";
    public const string Pull = "pull";
    public const string Push = "push";
    public const string Save = "save";
    public const string Tag = "tag";
    public const string Untag = "untag";
}
