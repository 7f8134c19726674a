using System.IO.Enumeration;
using Suite.Cli.Output;
using Suite.Graph.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Syntax;

/// <summary>--filter of images: dangling, label and reference. Filters of one name widen the choice, different names narrow it.</summary>
internal sealed class ImageFilter
{
    private readonly ILookup<string, string> _wanted;

    private readonly IReadOnlyList<ImageInfo> _all;

    private ImageFilter(ILookup<string, string> wanted, IReadOnlyList<ImageInfo> all)
    {
        _wanted = wanted;
        _all = all;
    }

    /// <param name="texts">As given.</param>
    /// <param name="all">Among which others are found by name or id.</param>
    public static ImageFilter Parse(IEnumerable<string> texts, IReadOnlyList<ImageInfo> all)
    {
        var filters = texts.Select(text => text.Split('=', 2)).ToArray();
        foreach (var filter in filters)
        {
            if (filter.Length != 2 || filter[0] is not ("dangling" or "label" or "reference" or "before" or "since") || (filter[0] == "dangling" && filter[1] is not ("true" or "false")))
                throw new SuiteException(
                    ErrorKind.InvalidArgument, $"'{string.Join('=', filter)}' is no filter of images: write dangling=true, dangling=false, label=NAME[=VALUE], reference=PATTERN, before=IMAGE or since=IMAGE");
        }

        return new ImageFilter(filters.ToLookup(f => f[0], f => f[1], StringComparer.Ordinal), all);
    }

    public bool Takes(ImageInfo image) => _wanted.All(name => name.Any(value => name.Key switch
    {
        "dangling" => image.Tags.Count == 0 == (value == "true"),
        "before" => image.CreatedAt < MadeAt(value),
        "since" => image.CreatedAt > MadeAt(value),
        "label" => HasLabel(image, value.Split('=', 2)),
        _ => ImageNames.Of(image).Any(n => Fits(value, n.Repository, n.Tag)),
    }));

    /// <summary>Whether one name of an image that is taken is among those asked for.</summary>
    public bool TakesName(string repository, string tag) => !_wanted.Contains("reference") || _wanted["reference"].Any(pattern => Fits(pattern, repository, tag));

    /// <summary>A pattern is of repositories, or of names with a tag.</summary>
    private static bool Fits(string pattern, string repository, string tag) =>
        FileSystemName.MatchesSimpleExpression(pattern, repository, ignoreCase: false) || FileSystemName.MatchesSimpleExpression(pattern, $"{repository}:{tag}", ignoreCase: false);

    private long MadeAt(string name) =>
        (_all.FirstOrDefault(i => i.Tags.Select(ImageNames.Familiar).Any(tag => tag == name || tag == $"{name}:latest")) ?? _all.FirstOrDefault(i => i.Id.StartsWith(name, StringComparison.Ordinal) || Figures.ShortId(i.Id).StartsWith(name, StringComparison.Ordinal)))?.CreatedAt
        ?? throw new SuiteException(ErrorKind.NotFound, $"cannot filter images by {name}: there is no image of this name here");

    private static bool HasLabel(ImageInfo image, string[] wanted) =>
        image.Config is not null && image.Config.Labels.TryGetValue(wanted[0], out var value) && (wanted.Length == 1 || value == wanted[1]);
}
