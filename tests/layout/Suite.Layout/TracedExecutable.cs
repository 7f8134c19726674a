using System.Diagnostics;
using System.Globalization;
using Suite.Linux.Errors;

namespace Suite.Layout;

/// <summary>One of our executables: its functions by address, and what processes of it did.</summary>
internal sealed class TracedExecutable(string name, string symbolFile)
{
    private IReadOnlyDictionary<ulong, IReadOnlyList<string>>? _functions;

    public string Name => name;

    /// <summary>What each process called.</summary>
    public List<ProcessLife> Lives { get; } = [];

    /// <summary>Functions that the ahead-of-time compiler made, by their address: the programs are linked for a fixed one. Several names: folded into one.</summary>
    public IReadOnlyDictionary<ulong, IReadOnlyList<string>> Functions => _functions ??= Read(symbolFile);

    public static IReadOnlyList<TracedExecutable> Known(string repository) =>
    [
        .. new[] { ("suite", "Suite.Cli"), ("suite-node", "Suite.Node"), ("suite-registry", "Suite.Registry"), ("suite-shim", "Suite.Runtime.Shim"), ("suite-oci", "Suite.Runtime.Oci") }
            .Select(pair => new TracedExecutable(pair.Item1, Path.Combine(repository, "out/dotnet/bin", pair.Item2, "release_linux-x64/native", pair.Item1 + ".dbg"))),
    ];

    private static Dictionary<ulong, IReadOnlyList<string>> Read(string symbolFile)
    {
        var section = Lines("readelf", "-SW", symbolFile).Select(line => line[(line.IndexOf(']') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(fields => fields is ["__managedcode", ..])
            ?? throw new SuiteException(ErrorKind.NotFound, $"{symbolFile} has no managed code: make build writes it");
        var (begin, length) = (Number(section[2]), Number(section[4]));
        var found = new Dictionary<ulong, IReadOnlyList<string>>();
        foreach (var line in Lines("nm", "--defined-only", symbolFile))
        {
            if (line.Split(' ') is not [var address, "t" or "T", var symbol] || Number(address) is var at && (at < begin || at >= begin + length))
                continue;
            found[at] = found.TryGetValue(at, out var others) ? [.. others, symbol] : [symbol];
        }

        return found;
    }

    private static ulong Number(string hexadecimal) => ulong.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static IReadOnlyList<string> Lines(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n');
        process.WaitForExit();
        return process.ExitCode == 0 ? lines : throw new SuiteException(ErrorKind.NotFound, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}

/// <summary>What one process called, by address, in the order of the first calls.</summary>
/// <param name="Role">The name that it was started by: one file has several services in it.</param>
internal sealed record ProcessLife(string Role)
{
    public List<ulong> Start { get; } = [];

    /// <summary>From some seconds after the start on; empty: it did not live that long.</summary>
    public List<ulong> Later { get; } = [];

    /// <summary>What this process is for: a short one is all start.</summary>
    public List<ulong> Lasting => Later.Count > 0 ? Later : Start;
}
