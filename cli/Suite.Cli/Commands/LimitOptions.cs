using System.CommandLine;
using Suite.Cli.Syntax;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

/// <summary>How much of the machine a container may have.</summary>
internal sealed class LimitOptions
{
    // Microseconds: what the kernel and Docker take where nobody says it.
    private const long DefaultPeriod = 100_000;

    private readonly Option<string?> _memory;
    private readonly Option<string?> _swap;
    private readonly Option<string?> _cpus;
    private readonly Option<string?> _period;
    private readonly Option<string?> _quota;
    private readonly Option<string?> _shares;
    private readonly Option<string?> _cpuset;
    private readonly Option<string?> _mems;
    private readonly Option<string?> _pids;
    private readonly Option<string[]> _ulimit;
    private readonly Option<string?> _shm;
    private readonly Option<string?> _oomScore;

    public LimitOptions(SuiteCommand command)
    {
        _memory = command.Text("--memory", "AMOUNT", "Memory limit, for example 512m", "-m");
        _swap = command.Text("--memory-swap", "AMOUNT", "Limit of memory and swap together; -1 for none");
        _cpus = command.Text("--cpus", "NUMBER", "Limit of CPU time, in CPUs, for example 0.5");
        _period = command.Text("--cpu-period", "MICROSECONDS", "With --cpu-quota, the same in the kernel's words (default: 100000)");
        _quota = command.Text("--cpu-quota", "MICROSECONDS", "CPU time in each --cpu-period");
        _shares = command.Text("--cpu-shares", "NUMBER", "Weight against others, where CPU time is scarce", "-c");
        _cpuset = command.Text("--cpuset-cpus", "LIST", "CPUs to run on, for example 0-3,7");
        _mems = command.Text("--cpuset-mems", "LIST", "Memory nodes to use");
        _pids = command.Text("--pids-limit", "NUMBER", "Limit of processes and threads; -1 for none");
        _ulimit = command.List("--ulimit", "NAME=SOFT[:HARD]", "Set a limit of setrlimit(2), for example nofile=1024:2048");
        _shm = command.Text("--shm-size", "AMOUNT", "Size of /dev/shm");
        _oomScore = command.Text("--oom-score-adj", "NUMBER", "-1000 to 1000: who is killed first when memory is out");
    }

    public void Fill(ContainerSpec spec, Invocation call)
    {
        spec.Resources = new Resources
        {
            MemoryBytes = call.Get(_memory) is { } memory ? QuantitySyntax.Bytes("--memory", memory) : 0,
            MemorySwapBytes = call.Get(_swap) is { } swap ? QuantitySyntax.BytesOrNone("--memory-swap", swap) : 0,
            NanoCpus = Cpus(call),
            CpuShares = call.Get(_shares) is { } shares ? QuantitySyntax.Count("--cpu-shares", shares) : 0,
            CpusetCpus = call.Get(_cpuset) ?? "",
            CpusetMems = call.Get(_mems) ?? "",
            Pids = call.Get(_pids) is { } pids ? Math.Max(0, QuantitySyntax.Count("--pids-limit", pids)) : 0,
        };
        spec.Ulimits.Add((call.Get(_ulimit) ?? []).Select(UlimitSyntax.Parse));
        spec.ShmBytes = call.Get(_shm) is { } shm ? QuantitySyntax.Bytes("--shm-size", shm) : 0;
        if (call.Get(_oomScore) is { } score)
            spec.OomScoreAdj = (int)Math.Clamp(QuantitySyntax.Count("--oom-score-adj", score), -1000, 1000);
    }

    private long Cpus(Invocation call)
    {
        if (call.Get(_quota) is not { } quota)
            return call.Get(_cpus) is { } cpus ? QuantitySyntax.NanoCpus(cpus) : 0;
        if (call.Has(_cpus))
            throw new SuiteException(ErrorKind.InvalidArgument, "--cpus and --cpu-quota say the same: leave one of them out");
        var period = call.Get(_period) is { } text ? QuantitySyntax.Count("--cpu-period", text) : DefaultPeriod;
        var time = QuantitySyntax.Count("--cpu-quota", quota);
        return period is < 1_000 or > 1_000_000 || time > 1_000_000_000
            ? throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use --cpu-quota {quota} in a --cpu-period of {period}: a period has 1000 to 1000000 microseconds")
            : Math.Max(0, time) * 1_000_000_000 / period;
    }
}
