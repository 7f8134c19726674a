using System.IO.Enumeration;
using Suite.Cli.Output;
using Suite.Graph.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Syntax;

/// <summary>--filter of images: dangling, label and reference. Filters of one name widen the choice, different names narrow it.</summary>
internal sealed class ImageFilter
{
    private readonly ILookup<string, string> _wanted;

    private ImageFilter(ILookup<string, string> wanted) => _wanted = wanted;

    public static ImageFilter Parse(IEnumerable<string> texts)
    {
        var filters = texts.Select(text => text.Split('=', 2)).ToArray();
        foreach (var filter in filters)
        {
            if (filter.Length != 2 || filter[0] is not ("dangling" or "label" or "reference") || (filter[0] == "dangling" && filter[1] is not ("true" or "false")))
                throw new SuiteException(
                    ErrorKind.InvalidArgument, $"'{string.Join('=', filter)}' is no filter of images: write dangling=true, dangling=false, label=NAME[=VALUE] or reference=PATTERN");
        }

        return new ImageFilter(filters.ToLookup(f => f[0], f => f[1], StringComparer.Ordinal));
    }

    public bool Takes(ImageInfo image) => _wanted.All(name => name.Any(value => name.Key switch
    {
        "dangling" => image.Tags.Count == 0 == (value == "true"),
        "label" => HasLabel(image, value.Split('=', 2)),
        _ => image.Tags.Select(ImageNames.Familiar).Any(tag => FileSystemName.MatchesSimpleExpression(value.Contains(':', StringComparison.Ordinal) ? value : value + ":*", tag, ignoreCase: false)),
    }));

    private static bool HasLabel(ImageInfo image, string[] wanted) =>
        image.Config is not null && image.Config.Labels.TryGetValue(wanted[0], out var value) && (wanted.Length == 1 || value == wanted[1]);
}
