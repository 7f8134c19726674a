using Microsoft.Extensions.Logging;
using Suite.Linux.Errors;

namespace Suite.Hosting.Flags;

/// <summary>What the command line and the environment say, before any file is read. A flag wins over its variable.</summary>
internal sealed record HostFlags(SuitePaths Paths, LogLevel? LogLevel, IReadOnlyList<KeyValuePair<string, string?>> Settings)
{
    private const int LongestInstance = 8;

    public bool Help { get; private init; }

    public bool Version { get; private init; }

    /// <param name="args">The arguments after the program's name.</param>
    /// <param name="environment">Looks a variable up; tests pass their own.</param>
    public static HostFlags Parse(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        var settings = new List<KeyValuePair<string, string?>>();
        bool help = false, version = false;
        for (var i = 0; i < args.Count; i++)
        {
            var (name, inline) = Split(args[i]);
            switch (name)
            {
                case "--help" or "-h":
                    help = true;
                    break;
                case "--version":
                    version = true;
                    break;
                case "--root" or "--run" or "--config" or "--instance" or "--log-level":
                    given[name] = Value(name, inline, args, ref i);
                    break;
                case "--set":
                    settings.Add(Setting(Value(name, inline, args, ref i)));
                    break;
                default:
                    throw Wrong($"unknown argument '{args[i]}'");
            }
        }

        string Folder(string flag, string variable, string fallback) =>
            Path.GetFullPath(given.GetValueOrDefault(flag) ?? environment(variable) ?? fallback);

        var paths = new SuitePaths(
            Folder("--root", "SUITE_ROOT", SuitePaths.DefaultRoot),
            Folder("--run", "SUITE_RUN", SuitePaths.DefaultRun),
            Folder("--config", "SUITE_CONFIG", SuitePaths.DefaultConfig),
            Instance(given.GetValueOrDefault("--instance") ?? environment("SUITE_INSTANCE") ?? SuitePaths.DefaultInstance));
        var level = given.GetValueOrDefault("--log-level") ?? environment("SUITE_LOG_LEVEL");
        return new HostFlags(paths, level is null ? null : Level(level), settings) { Help = help, Version = version };
    }

    public static LogLevel Level(string text) => text.ToLowerInvariant() switch
    {
        "trace" => Microsoft.Extensions.Logging.LogLevel.Trace,
        "debug" => Microsoft.Extensions.Logging.LogLevel.Debug,
        "info" or "information" => Microsoft.Extensions.Logging.LogLevel.Information,
        "warn" or "warning" => Microsoft.Extensions.Logging.LogLevel.Warning,
        "error" => Microsoft.Extensions.Logging.LogLevel.Error,
        "none" => Microsoft.Extensions.Logging.LogLevel.None,
        _ => throw Wrong($"'{text}' is not a log level: use trace, debug, info, warn, error or none"),
    };

    private static (string Name, string? Value) Split(string arg)
    {
        var equals = arg.StartsWith("--", StringComparison.Ordinal) ? arg.IndexOf('=', StringComparison.Ordinal) : -1;
        return equals < 0 ? (arg, null) : (arg[..equals], arg[(equals + 1)..]);
    }

    private static string Value(string name, string? inline, IReadOnlyList<string> args, ref int i)
    {
        if (inline is { Length: > 0 })
            return inline;
        if (inline is null && i + 1 < args.Count && args[i + 1].Length > 0)
            return args[++i];
        throw Wrong($"{name} needs a value");
    }

    private static KeyValuePair<string, string?> Setting(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
            throw Wrong($"--set takes KEY=VALUE, and '{text}' is not");
        return new(text[..equals].Replace('.', ':'), text[(equals + 1)..]);
    }

    // It becomes part of interface names, of which the kernel takes 15 bytes (IFNAMSIZ), and of cgroup and table names.
    private static string Instance(string name)
    {
        var fits = name.Length is > 0 and <= LongestInstance && char.IsAsciiLetterLower(name[0])
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
        return fits ? name : throw Wrong($"--instance '{name}' must be 1 to {LongestInstance} characters a-z and 0-9, a letter first");
    }

    private static SuiteException Wrong(string reason) => new(ErrorKind.InvalidArgument, $"{reason}; see --help");
}
