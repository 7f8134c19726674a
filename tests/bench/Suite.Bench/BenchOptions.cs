using Suite.Linux.Errors;

namespace Suite.Bench;

/// <summary>What to measure, from the command line.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        suite-bench [options]   measures a CRI runtime: pods, containers, exec, pull, memory

          --peer containerd       also measure Debian's containerd, in turns with Suite, and print the ratios
          --only NAME             measure that one alone: suite or containerd
          --endpoint NAME=SOCKET  measure a runtime that runs already (may be repeated); --registry must be reachable from it
          --registry HOST:PORT    where to push the test images, for --only containerd and --endpoint; Suite brings its own
          --rounds N              how often each operation is measured, one after the other (100)
          --at-a-time N           pods in flight in the parallel part (16)
          --pods N                idle pods in the memory part (20)
          --many N                pods in the part of that name (500)
          --parts A,B             only these parts: pull, lives, parallel, memory, many, network, oci, build, commit
        """;

    private static readonly string[] AllParts = ["pull", "lives", "parallel", "memory", "many", "network", "oci", "build", "commit"];

    public bool Help { get; init; }

    public bool Containerd { get; init; }

    public bool Suite { get; init; } = true;

    public IReadOnlyList<(string Name, string Socket)> Endpoints { get; init; } = [];

    public string? Registry { get; init; }

    public int Rounds { get; init; } = 100;

    public int AtATime { get; init; } = 16;

    public int Pods { get; init; } = 20;

    public int ManyPods { get; init; } = 500;

    public IReadOnlyList<string> Parts { get; init; } = AllParts;

    public static BenchOptions Parse(string[] args)
    {
        var options = new BenchOptions();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] is "--help" or "-h")
                return options with { Help = true };
            var value = i + 1 < args.Length ? args[i + 1] : throw Wrong($"{args[i]} needs a value");
            options = args[i++] switch
            {
                "--peer" when value == "containerd" => options with { Containerd = true },
                "--only" when value == "containerd" => options with { Containerd = true, Suite = false },
                "--only" when value == "suite" => options with { Containerd = false },
                "--endpoint" when value.Split('=', 2) is [var name, var socket] => options with { Suite = false, Endpoints = [.. options.Endpoints, (name, socket)] },
                "--registry" => options with { Registry = value },
                "--rounds" => options with { Rounds = Number(value) },
                "--at-a-time" => options with { AtATime = Number(value) },
                "--pods" => options with { Pods = Number(value) },
                "--many" => options with { ManyPods = Number(value) },
                "--parts" when value.Split(',') is var parts && parts.All(AllParts.Contains) => options with { Parts = parts },
                var option => throw Wrong($"'{option} {value}' is not understood"),
            };
        }

        return options.Suite || options.Registry is not null ? options : throw Wrong("without Suite, --registry says where the test images go");
    }

    private static int Number(string value) => int.TryParse(value, out var number) && number > 0 ? number : throw Wrong($"'{value}' is not a number above 0");

    private static SuiteException Wrong(string why) => new(ErrorKind.InvalidArgument, $"{why}; suite-bench --help lists the options");
}
