using System.Globalization;
using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Variables;

namespace Suite.Image.Builds.Runs;

internal enum RunMountKind
{
    Bind,
    Cache,
    Tmpfs,
    Secret,
    Ssh,
}

internal enum CacheSharing
{
    Shared,
    Private,
    Locked,
}

/// <summary>One --mount of RUN, read.</summary>
internal sealed record RunMount
{
    public RunMountKind Kind { get; init; }

    /// <summary>A stage or an image; empty: the context.</summary>
    public string From { get; init; } = "";

    public string Source { get; init; } = "";

    /// <summary>Absolute, or from the working directory.</summary>
    public string Target { get; init; } = "";

    public string Id { get; init; } = "";

    public CacheSharing Sharing { get; init; }

    public bool ReadOnly { get; init; }

    public bool Required { get; init; }

    public uint? Mode { get; init; }

    public uint User { get; init; }

    public uint Group { get; init; }

    /// <summary>Of a file system in memory; 0: the kernel's choice.</summary>
    public long Size { get; init; }

    /// <summary>A variable that holds the secret.</summary>
    public string Variable { get; init; } = "";

    /// <summary>Without variables put in: enough to see what a stage needs.</summary>
    public static IReadOnlyList<RunMount> Of(Instruction i) => Of(i, null);

    public static IReadOnlyList<RunMount> Of(Instruction i, Expansion? expansion) => [.. i.FlagsOf("mount").Select(text => Read(i, text, expansion))];

    private static RunMount Read(Instruction i, string text, Expansion? expansion)
    {
        var fields = text.Split(',').Select(f => f.Split('=', 2)).Select(f => (Name: f[0].Trim().ToLowerInvariant(), Value: f.Length > 1 ? expansion?.Of(i, f[1]) ?? f[1] : null)).ToArray();
        var kind = fields.LastOrDefault(f => f.Name == "type").Value ?? "bind";
        var mount = new RunMount
        {
            Kind = Enum.TryParse<RunMountKind>(kind, ignoreCase: true, out var known) && !char.IsAsciiDigit(kind[0]) ? known : throw i.Wrong($"has a mount of the type '{kind}': bind, cache, tmpfs, secret and ssh are known"),
        };
        mount = mount with { ReadOnly = mount.Kind is RunMountKind.Bind or RunMountKind.Secret };
        foreach (var (name, value) in fields) mount = With(i, mount, name, value);
        return Checked(i, mount, text);
    }

    private static RunMount With(Instruction i, RunMount mount, string name, string? value) => (name, value) switch
    {
        ("type", _) => mount,
        ("readonly" or "ro", null) => mount with { ReadOnly = true },
        ("readonly" or "ro", _) => mount with { ReadOnly = Bool(i, name, value) },
        ("readwrite" or "rw", null) => mount with { ReadOnly = false },
        ("readwrite" or "rw", _) => mount with { ReadOnly = !Bool(i, name, value) },
        ("required", null) => mount with { Required = true },
        ("required", _) => mount with { Required = Bool(i, name, value) },
        (_, null) => throw i.Wrong($"has a mount with '{name}' that lacks a value"),
        ("from", _) => mount with { From = value },
        ("source" or "src", _) => mount with { Source = value },
        ("target" or "dst" or "destination", _) => mount with { Target = value },
        ("id", _) => mount with { Id = value },
        ("env", _) => mount with { Variable = value },
        ("size", _) => mount with { Size = ByteSize(i, value) },
        ("mode", _) => mount with { Mode = Octal(i, value) },
        ("uid", _) => mount with { User = Number(i, name, value) },
        ("gid", _) => mount with { Group = Number(i, name, value) },
        ("sharing", _) => mount with { Sharing = Enum.TryParse<CacheSharing>(value, ignoreCase: true, out var sharing) && !char.IsAsciiDigit(value[0]) ? sharing : throw i.Wrong($"has a mount with sharing={value}: shared, private and locked are known") },
        _ => throw i.Wrong($"has a mount with '{name}', which is not known"),
    };

    private static RunMount Checked(Instruction i, RunMount mount, string text) => mount.Kind switch
    {
        RunMountKind.Ssh when mount.Source.Length > 0 || mount.From.Length > 0 => throw i.Wrong($"has an ssh mount with a source: {text}"),
        RunMountKind.Ssh => mount.Id.Length > 0 ? mount : mount with { Id = Git.GitAccess.Agent },
        RunMountKind.Secret => Secret(i, mount),
        _ when mount.Target.Length == 0 => throw i.Wrong($"has a mount without a target: {text}"),
        RunMountKind.Cache when mount.Id.Length == 0 => mount with { Id = mount.Target },
        _ => mount,
    };

    private static RunMount Secret(Instruction i, RunMount mount)
    {
        var id = mount.Id.Length > 0 ? mount.Id : mount.Target.Length > 0 ? Path.GetFileName(mount.Target.TrimEnd('/')) : throw i.Wrong("has a secret without an id");
        var target = mount.Target.Length > 0 ? mount.Target : mount.Variable.Length > 0 ? "" : $"/run/secrets/{id}";
        return mount with { Id = id, Target = target };
    }

    private static bool Bool(Instruction i, string name, string value) =>
        bool.TryParse(value, out var on) ? on : value switch { "1" => true, "0" => false, _ => throw i.Wrong($"has a mount with {name}={value}: it takes true or false") };

    private static uint Number(Instruction i, string name, string value) =>
        uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw i.Wrong($"has a mount with {name}={value}, which is no number");

    private static uint Octal(Instruction i, string value) =>
        value.Length is > 0 and <= 5 && value.All(c => c is >= '0' and <= '7') ? Convert.ToUInt32(value, 8) & 0xFFFu : throw i.Wrong($"has a mount with mode={value}, which is no octal number");

    private static long ByteSize(Instruction i, string value)
    {
        var digits = value.TakeWhile(char.IsAsciiDigit).Count();
        var factor = value[digits..].ToLowerInvariant() switch { "" or "b" => 1L, "k" or "kb" or "kib" => 1L << 10, "m" or "mb" or "mib" => 1L << 20, "g" or "gb" or "gib" => 1L << 30, _ => 0 };
        return factor > 0 && long.TryParse(value[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < long.MaxValue / factor
            ? number * factor : throw i.Wrong($"has a mount with size={value}, which is no size such as 64m");
    }
}
