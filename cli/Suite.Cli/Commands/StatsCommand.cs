using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Grpc.Core;
using Suite.Cli.Inspection;
using Suite.Cli.Output;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class StatsCommand : SuiteCommand
{
    private readonly Option<bool> _all;
    private readonly Option<bool> _once;
    private readonly Option<bool> _noTrunc;
    private readonly Option<string?> _format;
    private readonly Argument<string[]> _containers;

    public StatsCommand()
        : base("stats", "[OPTIONS] [CONTAINER...]", "Show what running containers use, second by second")
    {
        _all = Flag("--all", "Those that do not run, too", "-a");
        _once = Flag("--no-stream", "Print once and end");
        _noTrunc = Flag("--no-trunc", "Print ids in full");
        _format = Text("--format", "TEMPLATE", "json, \"table TEMPLATE\", or a template such as {{.Name}}: {{.CPUPerc}}");
        _containers = new Argument<string[]>("CONTAINER") { Arity = ArgumentArity.ZeroOrMore };
        Add(_containers);
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var request = new StatsRequest();
        request.Containers.AddRange(call.Get(_containers) ?? []);
        using var stats = call.Services.Containers.Stats(request, cancellationToken: cancellationToken);
        // A rate takes two looks: the second answer is the first to show.
        var skip = 1;
        var lines = 0;
        await foreach (var response in stats.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (skip-- > 0)
                continue;
            lines = Show(call, response, await IdleAsync(call, response, cancellationToken), lines);
            await call.Out.FlushAsync(cancellationToken);
            if (call.Get(_once))
                break;
        }

        return ExitCodes.Success;
    }

    /// <summary>Those that use nothing now, where they are asked for.</summary>
    private async Task<IReadOnlyList<ContainerUsage>> IdleAsync(Invocation call, StatsResponse response, CancellationToken cancellationToken)
    {
        if (!call.Get(_all) || (call.Get(_containers) ?? []).Length > 0)
            return [];
        var list = await call.Services.Containers.ListAsync(new ListRequest { All = true }, cancellationToken: cancellationToken);
        return [.. list.Containers.Where(c => response.Containers.All(u => u.Id != c.Id)).Select(c => new ContainerUsage { Id = c.Id, Name = c.Name })];
    }

    private int Show(Invocation call, StatsResponse response, IReadOnlyList<ContainerUsage> idle, int before)
    {
        var rows = new Listing(
            call.Get(_format),
            ("CONTAINER ID", "{{.Container}}"), ("NAME", "{{.Name}}"), ("CPU %", "{{.CPUPerc}}"), ("MEM USAGE / LIMIT", "{{.MemUsage}}"),
            ("MEM %", "{{.MemPerc}}"), ("NET I/O", "{{.NetIO}}"), ("BLOCK I/O", "{{.BlockIO}}"), ("PIDS", "{{.PIDs}}")).Yielding("BLOCK I/O", "NET I/O", "PIDS", "MEM %", "CONTAINER ID");
        foreach (var usage in response.Containers.Concat(idle))
            rows.Add(Describe(usage, call.Get(_noTrunc)));
        // On a terminal each picture takes the place of the one before.
        if (before > 0 && call.Session.Streams.OutputIsTerminal)
            call.Out.Write($"\e[{before}A\e[J");
        rows.Write(call.Out, call.Get(_noTrunc) ? int.MaxValue : call.Session.Streams.Columns);
        return response.Containers.Count + idle.Count + 1;
    }

    private static JsonObject Describe(ContainerUsage usage, bool whole)
    {
        var limit = usage.MemoryLimitBytes > 0 ? usage.MemoryLimitBytes : (ulong)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new JsonObject
        {
            ["Container"] = whole ? usage.Id : Figures.ShortId(usage.Id),
            ["ID"] = whole ? usage.Id : Figures.ShortId(usage.Id),
            ["Name"] = usage.Name,
            ["CPUPerc"] = usage.HasCpuRate ? Percent(usage.CpuRate / 1e9) : "--",
            ["MemUsage"] = $"{Figures.Memory(usage.MemoryBytes)} / {Figures.Memory(limit)}",
            ["MemPerc"] = Percent(limit > 0 ? (double)usage.MemoryBytes / limit : 0),
            ["NetIO"] = $"{Figures.Size(usage.NetworkReceivedBytes)} / {Figures.Size(usage.NetworkSentBytes)}",
            ["BlockIO"] = $"{Figures.Size(usage.BlockReadBytes)} / {Figures.Size(usage.BlockWrittenBytes)}",
            ["PIDs"] = $"{usage.Pids}",
        };
    }

    private static string Percent(double share) => (share * 100).ToString("0.00", CultureInfo.InvariantCulture) + "%";
}
