using Suite.Runtime.Exec.Bundles;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Shims;

namespace Suite.Runtime.Exec.Wire;

/// <summary>The records that cross to a shim and back.</summary>
internal static class PodCodec
{
    public static void Write(WireWriter writer, PodPlan pod)
    {
        writer.String(pod.Id);
        writer.String(pod.Directory);
        writer.String(pod.CgroupPath);
        writer.OptionalString(pod.NetworkNamespace);
        writer.Bool(pod.HostIpc);
        writer.Bool(pod.HostUts);
        writer.OptionalString(pod.Hostname);
        writer.Long(pod.SharedMemoryBytes);
        writer.Int(pod.Sysctls.Count);
        foreach (var (name, value) in pod.Sysctls)
        {
            writer.String(name);
            writer.String(value);
        }

        writer.Bool(pod.OwnNetwork);
        writer.Bool(pod.SharedPids);
        IdentityMap.Write(writer, pod.UidMappings);
        IdentityMap.Write(writer, pod.GidMappings);
        writer.Bool(pod.NetworkFollows);
        writer.Bool(pod.Runtime is not null);
        pod.Runtime?.Write(writer);
        writer.Bool(pod.SharedIpc is not null);
        if (pod.SharedIpc is not { } ipc)
            return;
        writer.Int(ipc.ShimPid);
        writer.String(ipc.SharedMemoryPath);
    }

    public static PodPlan ReadPod(ref WireReader reader)
    {
        var pod = new PodPlan
        {
            Id = reader.String(),
            Directory = reader.String(),
            CgroupPath = reader.String(),
            NetworkNamespace = reader.OptionalString(),
            HostIpc = reader.Bool(),
            HostUts = reader.Bool(),
            Hostname = reader.OptionalString(),
            SharedMemoryBytes = reader.Long(),
        };
        var count = reader.Count(elementSize: 8);
        var sysctls = new Dictionary<string, string>(count);
        for (var i = 0; i < count; i++)
            sysctls[reader.String()] = reader.String();
        // Behind all that the first version had: a runtime that does not know them does not send them.
        return reader.AtEnd
            ? pod with { Sysctls = sysctls }
            : pod with
            {
                Sysctls = sysctls,
                OwnNetwork = reader.Bool(),
                SharedPids = reader.Bool(),
                UidMappings = IdentityMap.ReadMappings(ref reader),
                GidMappings = IdentityMap.ReadMappings(ref reader),
                NetworkFollows = !reader.AtEnd && reader.Bool(),
                Runtime = !reader.AtEnd && reader.Bool() ? OciRuntime.Read(ref reader) : null,
                SharedIpc = !reader.AtEnd && reader.Bool() ? new SharedIpc(reader.Int(), reader.String()) : null,
            };
    }

    public static void Write(WireWriter writer, ContainerStreams streams)
    {
        writer.OptionalString(streams.LogPath);
        writer.Bool(streams.Input);
        writer.Bool(streams.Terminal);
        Write(writer, streams.Size);
    }

    public static ContainerStreams ReadStreams(ref WireReader reader) => new()
    {
        LogPath = reader.OptionalString(),
        Input = reader.Bool(),
        Terminal = reader.Bool(),
        Size = ReadSize(ref reader),
    };

    public static void Write(WireWriter writer, TerminalSize? size)
    {
        writer.Bool(size is not null);
        if (size is null)
            return;
        writer.Int(size.Rows);
        writer.Int(size.Columns);
    }

    public static TerminalSize? ReadSize(ref WireReader reader) =>
        reader.Bool() ? new TerminalSize((ushort)reader.Int(), (ushort)reader.Int()) : null;

    public static void Write(WireWriter writer, ExitStatus? exit)
    {
        writer.Bool(exit is not null);
        if (exit is null)
            return;
        writer.Int(exit.Code);
        writer.Long(exit.FinishedAt.UtcTicks);
        writer.Bool(exit.OomKilled);
    }

    public static ExitStatus? ReadExit(ref WireReader reader) =>
        reader.Bool() ? new ExitStatus(reader.Int(), new DateTimeOffset(reader.Long(), TimeSpan.Zero), reader.Bool()) : null;

    public static void Write(WireWriter writer, ShimState state)
    {
        writer.String(state.PodId);
        writer.Int(state.Pid);
        writer.Int(state.Containers.Count);
        foreach (var container in state.Containers)
        {
            writer.String(container.Id);
            writer.Byte((byte)container.Phase);
            writer.Int(container.Pid);
            writer.OptionalLong(container.StartedAt?.UtcTicks);
            Write(writer, container.Exit);
            writer.Int(container.Execs.Count);
            foreach (var exec in container.Execs)
            {
                writer.String(exec.Id);
                writer.Int(exec.Pid);
                Write(writer, exec.Exit);
            }
        }

        // Behind all that the first version had: who does not know it does not read so far.
        foreach (var container in state.Containers)
            writer.Bool(container.Paused);
    }

    public static ShimState ReadState(ref WireReader reader)
    {
        var podId = reader.String();
        var pid = reader.Int();
        var containers = new ContainerSnapshot[reader.Count(elementSize: 8)];
        for (var i = 0; i < containers.Length; i++)
        {
            var id = reader.String();
            var phase = (ContainerPhase)reader.Byte();
            var containerPid = reader.Int();
            var startedAt = reader.OptionalLong() is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : (DateTimeOffset?)null;
            var exit = ReadExit(ref reader);
            var execs = new ExecSnapshot[reader.Count(elementSize: 8)];
            for (var j = 0; j < execs.Length; j++)
                execs[j] = new ExecSnapshot(reader.String(), reader.Int(), ReadExit(ref reader));
            containers[i] = new ContainerSnapshot(id, phase, containerPid, startedAt, exit, execs);
        }

        for (var i = 0; i < containers.Length && !reader.AtEnd; i++)
            containers[i] = containers[i] with { Paused = reader.Bool() };
        return new ShimState(podId, pid, containers);
    }
}
