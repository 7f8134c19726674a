using System.Text.Json.Nodes;
using Suite.Cli.Output;
using Suite.Container.V1;

namespace Suite.Cli.Inspection;

/// <summary>What a service answered, or the sentence that says why it did not.</summary>
internal sealed record Answer<T>(T? Value, string Failure)
    where T : class
{
    public string Text(Func<T, string> text) => Value is null ? Failure : text(Value);
}

/// <summary>The machine as `info` prints it, in lines or with the fields that Docker's templates know.</summary>
internal sealed record MachineInfo(
    InfoResponse Host,
    Answer<Graph.V1.StatusResponse> Graph,
    Answer<Graph.V1.ListResponse> Images,
    Answer<Network.V1.StatusResponse> Network,
    Answer<Network.V1.ListNetworksResponse> Networks,
    Answer<Registry.V1.StatusResponse> Registry)
{
    private const string LoopbackV4 = "127.0.0.0/8";
    private const string LoopbackV6 = "::1/128";

    // As uname(1) has it; images and Go say amd64 and arm64.
    private string Machine => Host.Architecture switch { "x64" => "x86_64", "arm64" => "aarch64", var other => other };

    private uint Stopped => Host.Created + Host.Exited;

    private IEnumerable<KeyValuePair<string, string>> Pool => (Graph.Value?.Figures ?? []).OrderBy(f => f.Key, StringComparer.Ordinal);

    private IReadOnlyList<string> Insecure => [.. Graph.Value?.InsecureRegistries ?? [], LoopbackV4, LoopbackV6];

    public void Write(TextWriter writer)
    {
        Line("Containers", Host.Containers);
        Line(" Running", Host.Running);
        Line(" Paused", Host.Paused);
        Line(" Created", Host.Created);
        Line(" Exited", Host.Exited);
        Line("Images", Images.Text(i => $"{i.Images.Count}"));
        Line("Server version", Host.Version);
        Line("Storage driver", Graph.Text(g => g.Driver));
        foreach (var (name, value) in Pool)
            Line($" {name}", value);
        Line("Execution driver", "suite-shim");
        Line("Logging driver", "cri (one file a container)");
        Line("Cgroup driver", "cgroupfs");
        Line("Cgroup version", Host.CgroupVersion);
        Line("Network", Network.Text(n => n.Ready ? "ready" : $"not ready: {n.Message}"));
        Line(" Drivers", Networks.Text(n => string.Join(' ', n.Networks.Select(each => each.Driver).Distinct().Order(StringComparer.Ordinal))));
        Line(" Networks", Networks.Text(n => $"{n.Networks.Count}"));
        Line("Volumes", "local");
        Line("Security options", string.Join(", ", Host.SecurityOptions));
        Line("Kernel version", Host.KernelVersion);
        Line("Operating system", Host.OperatingSystem);
        Line("OS type", "linux");
        Line("Architecture", Machine);
        Line("CPUs", Host.Cpus);
        Line("Memory", Figures.Memory(Host.MemoryBytes));
        Line("Name", Host.Hostname);
        Line("Root folder", Host.RootDirectory);
        Line("Run folder", Host.RunDirectory);
        Line("Registry", Registry.Text(r => string.Join(", ", r.Addresses)));
        Line("Search registries", Graph.Text(g => g.SearchRegistries.Count == 0 ? "docker.io" : string.Join(", ", g.SearchRegistries)));
        writer.WriteLine("Insecure registries:");
        foreach (var registry in Insecure)
            writer.WriteLine($" {registry}");

        void Line(string name, object value) => writer.WriteLine($"{name}: {value}");
    }

    public JsonObject Document() => new()
    {
        ["Name"] = Host.Hostname,
        ["Containers"] = Host.Containers,
        ["ContainersRunning"] = Host.Running,
        ["ContainersPaused"] = Host.Paused,
        ["ContainersStopped"] = Stopped,
        ["Images"] = Images.Value?.Images.Count ?? 0,
        ["Driver"] = Graph.Value?.Driver ?? "",
        ["DriverStatus"] = new JsonArray([.. Pool.Select(f => (JsonNode)new JsonArray(f.Key, f.Value))]),
        ["LoggingDriver"] = "cri",
        ["CgroupDriver"] = "cgroupfs",
        ["CgroupVersion"] = Host.CgroupVersion,
        ["KernelVersion"] = Host.KernelVersion,
        ["OperatingSystem"] = Host.OperatingSystem,
        ["OSType"] = "linux",
        ["Architecture"] = Machine,
        ["NCPU"] = Host.Cpus,
        ["MemTotal"] = Host.MemoryBytes,
        ["DockerRootDir"] = Host.RootDirectory,
        ["ServerVersion"] = Host.Version,
        ["SecurityOptions"] = List(Host.SecurityOptions),
        ["Registries"] = List(Registry.Value?.Addresses ?? []),
        ["SearchRegistries"] = List(Graph.Value?.SearchRegistries ?? []),
        ["InsecureRegistries"] = List(Insecure),
        ["ServerErrors"] = List(((string[])[Graph.Failure, Images.Failure, Network.Failure, Networks.Failure, Registry.Failure]).Where(f => f.Length > 0).Distinct()),
    };

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]);
}
