using System.CommandLine;
using Suite.Cli.Syntax;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

internal sealed class UpdateCommand : SuiteCommand
{
    private readonly Option<string?> _memory;
    private readonly Option<string?> _memorySwap;
    private readonly Option<string?> _cpus;
    private readonly Option<string?> _cpuShares;
    private readonly Option<string?> _cpuset;
    private readonly Option<string?> _memories;
    private readonly Option<string?> _pids;
    private readonly Option<string?> _restart;
    private readonly Argument<string[]> _containers;

    public UpdateCommand()
        : base("update", "[OPTIONS] CONTAINER...", "Change limits and restart policies; what is not named stays")
    {
        _memory = Text("--memory", "AMOUNT", "Memory limit, for example 512m", "-m");
        _memorySwap = Text("--memory-swap", "AMOUNT", "Limit of memory and swap together; -1 for none");
        _cpus = Text("--cpus", "NUMBER", "Limit of CPU time, in CPUs, for example 0.5");
        _cpuShares = Text("--cpu-shares", "NUMBER", "Weight against others, where CPU time is scarce", "-c");
        _cpuset = Text("--cpuset-cpus", "LIST", "CPUs to run on, for example 0-3,7");
        _memories = Text("--cpuset-mems", "LIST", "Memory nodes to allocate from, for example 0-1");
        _pids = Text("--pids-limit", "NUMBER", "Limit of processes and threads");
        _restart = Text("--restart", "POLICY", "no, on-failure[:TIMES], always or unless-stopped");
        _containers = Several("CONTAINER");
    }

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var resources = new Resources
        {
            MemoryBytes = call.Get(_memory) is { } memory ? QuantitySyntax.Bytes("--memory", memory) : 0,
            MemorySwapBytes = call.Get(_memorySwap) is { } swap ? QuantitySyntax.BytesOrNone("--memory-swap", swap) : 0,
            NanoCpus = call.Get(_cpus) is { } cpus ? QuantitySyntax.NanoCpus(cpus) : 0,
            CpuShares = call.Get(_cpuShares) is { } shares ? QuantitySyntax.Count("--cpu-shares", shares) : 0,
            CpusetCpus = call.Get(_cpuset) ?? "",
            CpusetMems = call.Get(_memories) ?? "",
            Pids = call.Get(_pids) is { } pids ? QuantitySyntax.Count("--pids-limit", pids) : 0,
        };
        var restart = call.Get(_restart) is { } policy ? RestartSyntax.Parse(policy) : null;
        if (restart is null && resources.Equals(new Resources()))
            throw new SuiteException(ErrorKind.InvalidArgument, "there is nothing to change: name a limit or a restart policy; see \"suite update --help\"");
        return call.ForEachAsync(call.Get(_containers), async name =>
        {
            var request = new UpdateRequest { Container = name, Restart = restart };
            if (!resources.Equals(new Resources()))
                request.Resources = resources;
            await call.Services.Containers.UpdateAsync(request, cancellationToken: cancellationToken);
            return name;
        });
    }
}
