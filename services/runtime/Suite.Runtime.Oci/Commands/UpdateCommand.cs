using System.Text;
using System.Text.Json;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Oci.Runtime;
using Suite.Oci.Runtime.Reading;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Oci.CommandLines;
using Suite.Runtime.Oci.Containers;

namespace Suite.Runtime.Oci.Commands;

/// <summary>Sets limits anew. What is not given stays as it is.</summary>
internal static class UpdateCommand
{
    public static Command Describe() => new("update", new OptionNames([], [
        "resources|r", "blkio-weight", "cpu-period", "cpu-quota", "cpu-burst", "cpu-share", "cpu-shares", "cpu-rt-period", "cpu-rt-runtime",
        "cpuset-cpus", "cpuset-mems", "cpu-idle", "memory", "memory-reservation", "memory-swap", "pids-limit", "l3-cache-schema", "mem-bw-schema",
    ]), Run);

    private static int Run(Session session, Options options)
    {
        var container = session.Root.Find(options.OnlyId());
        var schemata = new IntelRdt { L3CacheSchema = options.Value("l3-cache-schema"), MemBwSchema = options.Value("mem-bw-schema") };
        var limits = LimitsPlanner.From(options.Value("resources") is { } file ? Read(file) : Given(options));
        container.NeedAlive("update the container");
        if (schemata != new IntelRdt())
            Resctrl.Change(ClassOf(container, schemata));
        container.Cgroup.Limit(limits);
        return 0;
    }

    private static ResctrlGroup ClassOf(Container container, IntelRdt schemata) => ResctrlPlanner.From(
        container.Spec().Linux?.IntelRdt is { } own
            ? schemata with { ClosID = own.ClosID }
            : throw new SuiteException(
                ErrorKind.FailedPrecondition,
                $"update {container.Id}: it shares the default class of service with the host; make it with linux.intelRdt, which gives it its own, to change schemata"),
        container.Id)!;

    private static LinuxResources Given(Options options) => new()
    {
        Memory = new() { Limit = options.Number("memory"), Reservation = options.Number("memory-reservation"), Swap = options.Number("memory-swap") },
        Cpu = new()
        {
            Shares = (ulong?)(options.Number("cpu-share") ?? options.Number("cpu-shares")),
            Quota = options.Number("cpu-quota"),
            Period = (ulong?)options.Number("cpu-period"),
            Burst = (ulong?)options.Number("cpu-burst"),
            RealtimePeriod = (ulong?)options.Number("cpu-rt-period"),
            RealtimeRuntime = options.Number("cpu-rt-runtime"),
            Cpus = options.Value("cpuset-cpus"),
            Mems = options.Value("cpuset-mems"),
            Idle = options.Number("cpu-idle"),
        },
        Pids = options.Number("pids-limit") is { } pids ? new() { Limit = pids } : null,
        BlockIO = options.Number("blkio-weight") is { } weight ? new() { Weight = (ushort)weight } : null,
    };

    private static LinuxResources Read(string file)
    {
        var text = file == "-" ? Descriptor.ReadText(0)
            : Descriptor.TryReadText(file) ?? throw new SuiteException(ErrorKind.NotFound, $"update: read {file}: it cannot be opened");
        try
        {
            return RuntimeReader.ReadResources(Encoding.UTF8.GetBytes(text));
        }
        catch (JsonException wrong)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"update: read {file}: {wrong.Message}", wrong);
        }
    }
}
