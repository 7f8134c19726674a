using System.Collections.Frozen;
using Suite.Oci.References;

namespace Suite.Registry.Pages;

/// <summary>A file of the web page, within the executable.</summary>
internal sealed record PageAsset(byte[] Content, string ContentType, string ETag);

/// <summary>The files of the web page by their names.</summary>
internal sealed class PageAssets
{
    private const string Prefix = "Pages.Assets.";

    private readonly FrozenDictionary<string, PageAsset> _assets;

    public PageAssets()
    {
        var assembly = typeof(PageAssets).Assembly;
        _assets = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Prefix.Length..], name => Load(assembly.GetManifestResourceStream(name)!, name), StringComparer.Ordinal);
    }

    public IEnumerable<string> Names => _assets.Keys;

    public PageAsset? Find(string name) => _assets.GetValueOrDefault(name);

    private static PageAsset Load(Stream stream, string name)
    {
        using (stream)
        {
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return new PageAsset(content, TypeOf(name), $"\"{Digest.Compute(content).Short}\"");
        }
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}
