using System.Text.RegularExpressions;
using Suite.Image.Graph.Layers;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;
using Suite.Linux.Files;

namespace Suite.Image.Builds;

/// <summary>The files a build may copy, unpacked from the caller's stream into a folder of their own that goes with the build.</summary>
internal sealed class BuildContext : IDisposable
{
    private BuildContext(string root) => Root = root;

    public string Root { get; }

    /// <param name="folder">Where the context's own folder is made.</param>
    public static BuildContext Unpack(Stream tar, string folder, CancellationToken cancellationToken)
    {
        var context = new BuildContext(Path.Combine(folder, Guid.NewGuid().ToString("N")));
        Directory.CreateDirectory(context.Root);
        try
        {
            using var root = new LayerRoot(context.Root, null);
            new LayerApplier(root, null).Apply(new TarReader(tar), cancellationToken);
            return context;
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    public byte[] ReadDockerfile(string name)
    {
        // Through links too, but never out of the context: the name comes from the caller, the links from the stream.
        var path = Path.GetFullPath(Path.Combine(Root, name.TrimStart('/')));
        if (!path.StartsWith(Root + "/", StringComparison.Ordinal) || !File.Exists(path))
            throw new SuiteException(ErrorKind.InvalidArgument, $"The build's context has no file '{name}': name the Dockerfile with --file.");
        if (new FileInfo(path).LinkTarget is not null)
            throw new SuiteException(ErrorKind.InvalidArgument, $"The Dockerfile '{name}' is a symbolic link, which is not followed.");
        return File.ReadAllBytes(path);
    }

    /// <summary>The paths, relative to the context, that a source names: itself, or what its wildcards match, in order.</summary>
    public IReadOnlyList<string> Match(Instruction at, string source)
    {
        var parts = source.Split('/').Where(p => p.Length > 0 && p != ".").ToArray();
        if (parts.Contains("..")) throw at.Wrong($"names '{source}', which is outside of the context");
        var found = new List<string> { "" };
        foreach (var part in parts) found = [.. found.SelectMany(parent => Children(parent, part))];
        return found.Count > 0 && (parts.Length > 0 || source.Length > 0)
            ? found
            : throw at.Wrong($"finds no '{source}' in the context: check the path and .dockerignore");
    }

    public void Dispose() => FileTree.Remove(Root);

    private IEnumerable<string> Children(string parent, string pattern)
    {
        var directory = Path.Combine(Root, parent);
        // A link on the way could lead out of the context.
        if (!Directory.Exists(directory) || (parent.Length > 0 && new DirectoryInfo(directory).LinkTarget is not null)) return [];
        var names = Directory.EnumerateFileSystemEntries(directory).Select(p => Path.GetFileName(p)!);
        var matching = pattern.AsSpan().ContainsAny('*', '?', '[')
            ? names.Where(n => Matches(pattern, n))
            : names.Where(n => n == pattern);
        return matching.Order(StringComparer.Ordinal).Select(n => parent.Length == 0 ? n : $"{parent}/{n}");
    }

    /// <summary>Go's path.Match, which Docker documents: *, ?, [a-z], [^a-z], backslash.</summary>
    internal static bool Matches(string pattern, string name)
    {
        var regex = Regex.Replace(
            pattern, @"\\(.)|\*|\?|\[\^?[^\]]+\]|[^\\*?\[]",
            m => m.Value switch
            {
                "*" => "[^/]*",
                "?" => "[^/]",
                ['[', ..] => m.Value,
                ['\\', _] => Regex.Escape(m.Groups[1].Value),
                var other => Regex.Escape(other),
            });
        try
        {
            return Regex.IsMatch(name, $@"\A(?:{regex})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (ArgumentException)
        {
            return pattern == name; // [z-a]: no range, so it can only be meant as written
        }
    }
}
