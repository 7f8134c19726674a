using System.Xml.Linq;
using Suite.Testing.Files;

namespace Suite.Architecture.Tests.Projects;

/// <summary>What a .csproj says about itself.</summary>
internal sealed record ProjectFile(string Name, string Path, IReadOnlyList<string> References, IReadOnlyList<string> Packages, bool UsesAspNet)
{
    private static readonly Lazy<IReadOnlyDictionary<string, ProjectFile>> Loaded = new(() =>
        new[] { "cli", "libs", "protos", "services", "tests" }
            .SelectMany(folder => Directory.EnumerateFiles(System.IO.Path.Combine(TestPaths.RepositoryRoot, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(Read)
            .ToDictionary(project => project.Name));

    public static IReadOnlyDictionary<string, ProjectFile> All => Loaded.Value;

    public static IEnumerable<ProjectFile> Under(string folder) => All.Values.Where(p => p.Path.StartsWith($"{folder}/", StringComparison.Ordinal));

    /// <summary>The projects that come along, those of the projects referenced included; this one is not among them.</summary>
    public IReadOnlySet<ProjectFile> Closure()
    {
        var found = new HashSet<ProjectFile>();
        var open = new Queue<string>(References);
        while (open.TryDequeue(out var name))
        {
            if (found.Add(All[name]))
                All[name].References.ToList().ForEach(open.Enqueue);
        }

        return found;
    }

    /// <summary>"image" of services/image/Suite.Image.Graph; empty outside of services.</summary>
    public string Service => Path.StartsWith("services/", StringComparison.Ordinal) ? Path.Split('/')[1] : "";

    public bool Equals(ProjectFile? other) => other?.Name == Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Name;

    private static ProjectFile Read(string path)
    {
        var xml = XDocument.Load(path).Root!;
        string[] Items(string kind) => [.. xml.Descendants(kind).Select(item => item.Attribute("Include")!.Value)];
        return new ProjectFile(
            System.IO.Path.GetFileNameWithoutExtension(path),
            System.IO.Path.GetRelativePath(TestPaths.RepositoryRoot, path),
            [.. Items("ProjectReference").Select(reference => System.IO.Path.GetFileNameWithoutExtension(reference.Replace('\\', '/')))],
            Items("PackageReference"),
            xml.Attribute("Sdk")?.Value == "Microsoft.NET.Sdk.Web" || Items("FrameworkReference").Any(name => name.Contains("AspNetCore", StringComparison.Ordinal)));
    }
}
