using Suite.Cli.Output;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class InfoCommand() : SuiteCommand("info", "", "Print what there is on this machine")
{
    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var services = call.Services;
        var runtime = services.Containers.InfoAsync(new InfoRequest(), cancellationToken: cancellationToken).ResponseAsync;
        var graph = services.Graph.StatusAsync(new Graph.V1.StatusRequest(), cancellationToken: cancellationToken).ResponseAsync;
        var images = services.Images.ListAsync(new Graph.V1.ListRequest(), cancellationToken: cancellationToken).ResponseAsync;
        var network = services.Network.StatusAsync(new Network.V1.StatusRequest(), cancellationToken: cancellationToken).ResponseAsync;
        var registry = services.Registry.StatusAsync(new Registry.V1.StatusRequest(), cancellationToken: cancellationToken).ResponseAsync;
        var host = await runtime;

        Line("Containers", host.Containers);
        Line(" Running", host.Running);
        Line(" Paused", host.Paused);
        Line(" Created", host.Created);
        Line(" Exited", host.Exited);
        Line("Images", await Of(images, i => $"{i.Images.Count}"));
        Line("Storage driver", await Of(graph, g => g.Driver));
        foreach (var (name, value) in await FiguresOf(graph))
            Line($" {name}", value);
        Line("Network", await Of(network, n => n.Ready ? "ready" : $"not ready: {n.Message}"));
        Line("Registry", await Of(registry, r => string.Join(", ", r.Addresses)));
        Line("Server version", host.Version);
        Line("Kernel version", host.KernelVersion);
        Line("Operating system", host.OperatingSystem);
        Line("Architecture", host.Architecture);
        Line("Cgroup version", host.CgroupVersion);
        Line("CPUs", host.Cpus);
        Line("Memory", Figures.Size(host.MemoryBytes));
        Line("Name", host.Hostname);
        Line("Root folder", host.RootDirectory);
        Line("Run folder", host.RunDirectory);
        return ExitCodes.Success;

        void Line(string name, object value) => call.Out.WriteLine($"{name}: {value}");
    }

    /// <summary>A service that is down is part of the answer, no reason to give none.</summary>
    private static async Task<string> Of<T>(Task<T> answer, Func<T, string> text)
    {
        try
        {
            return text(await answer);
        }
        catch (Grpc.Core.RpcException e)
        {
            return Failures.Describe(e)!;
        }
    }

    private static async Task<IEnumerable<KeyValuePair<string, string>>> FiguresOf(Task<Graph.V1.StatusResponse> answer)
    {
        try
        {
            return (await answer).Figures.OrderBy(f => f.Key, StringComparer.Ordinal);
        }
        catch (Grpc.Core.RpcException)
        {
            return []; // said in the line of the driver
        }
    }
}
