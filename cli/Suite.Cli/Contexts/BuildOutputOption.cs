using Suite.Graph.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Contexts;

/// <summary>--output: <c>type=local,dest=FOLDER</c> and the like; a path alone is a folder for the files.</summary>
/// <param name="Destination">A file or a folder; null: standard output. Of an image: nothing.</param>
internal sealed record BuildOutputOption(BuildOutputKind Kind, string? Destination, bool IsFolder, IReadOnlyList<string> Names, bool Push)
{
    public static BuildOutputOption Image { get; } = new(BuildOutputKind.Image, null, false, [], false);

    public static BuildOutputOption Parse(string? text)
    {
        if (text is null)
            return Image;
        if (text == "-")
            return new BuildOutputOption(BuildOutputKind.Tree, null, false, [], false);
        if (!text.Contains('=', StringComparison.Ordinal))
            return new BuildOutputOption(BuildOutputKind.Tree, text, true, [], false);

        var fields = text.Split(',').Select(f => f.Split('=', 2)).ToArray();
        if (fields.FirstOrDefault(f => f.Length != 2) is { } bad)
            throw Wrong(text, $"'{bad[0]}' has no value");
        string? Get(string name) => fields.LastOrDefault(f => f[0].Trim() == name)?[1];
        if (fields.Select(f => f[0].Trim()).FirstOrDefault(n => n is not ("type" or "dest" or "name" or "push" or "tar")) is { } unknown)
            throw Wrong(text, $"'{unknown}' is not known: type, dest, name and push are");
        var (type, destination) = (Get("type") ?? throw Wrong(text, "it has no type"), Get("dest") is "-" ? null : Get("dest"));
        IReadOnlyList<string> names = Get("name") is { } name ? [name] : [];
        return type switch
        {
            "image" => new BuildOutputOption(BuildOutputKind.Image, null, false, names, Get("push") == "true"),
            "registry" => new BuildOutputOption(BuildOutputKind.Image, null, false, names, true),
            "oci" => new BuildOutputOption(BuildOutputKind.Oci, destination, false, names, false),
            "docker" => destination is null && Get("dest") is null
                ? Image with { Names = names } // into the store, as docker does
                : new BuildOutputOption(BuildOutputKind.Docker, destination, false, names, false),
            "tar" => new BuildOutputOption(BuildOutputKind.Tree, destination, false, [], false),
            "local" => new BuildOutputOption(BuildOutputKind.Tree, destination ?? throw Wrong(text, "a local output needs dest=FOLDER"), true, [], false),
            "cacheonly" => new BuildOutputOption(BuildOutputKind.None, null, false, [], false),
            _ => throw Wrong(text, $"the type '{type}' is not known: image, registry, oci, docker, local, tar and cacheonly are"),
        };
    }

    private static SuiteException Wrong(string text, string why) => new(ErrorKind.InvalidArgument, $"--output {text}: {why}");
}
