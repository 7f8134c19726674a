using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Exec.Wire;
using Suite.Runtime.Shim.Pods;

namespace Suite.Runtime.Shim.Clients;

/// <summary>From a packet to the pod. A start answers later, when its init has reported.</summary>
internal static class Requests
{
    public static void Handle(Pod pod, Client client, MessageKind kind, uint number, WireReader body, ReadOnlySpan<int> descriptors)
    {
        switch (kind)
        {
            case MessageKind.StartPod:
                pod.Start(PodCodec.ReadPod(ref body));
                client.Done(number);
                break;
            case MessageKind.JoinNetwork:
                pod.JoinNetwork(descriptors);
                client.Done(number);
                break;
            case MessageKind.AnnounceContainer:
                ReadAnnouncement(pod, body);
                client.Done(number);
                break;
            case MessageKind.CreateContainer:
                pod.Create(body.String(), PodCodec.ReadStreams(ref body));
                client.Done(number);
                break;
            case MessageKind.StartContainer:
                pod.Find(body.String()).Start(Plan(descriptors), Answer(client, number));
                break;
            case MessageKind.Exec:
                ReadExec(pod, client, number, body, descriptors);
                break;
            case MessageKind.Signal:
                pod.Find(body.String()).Signal(body.Int(), body.Bool(), new Reply(client, number));
                break;
            case MessageKind.SignalExec:
                pod.Find(body.String()).SignalExec(body.String(), body.Int());
                client.Done(number);
                break;
            case MessageKind.Attach:
                // Input, output, error; each as the flags say.
                pod.Find(body.String()).Attach(body.Bool(), descriptors);
                client.Done(number);
                break;
            case MessageKind.CloseInput:
                pod.Find(body.String()).CloseInput();
                client.Done(number);
                break;
            case MessageKind.ReopenLog:
                pod.Find(body.String()).ReopenLog();
                client.Done(number);
                break;
            case MessageKind.Resize:
                pod.Find(body.String()).Resize(PodCodec.ReadSize(ref body));
                client.Done(number);
                break;
            case MessageKind.ReadState:
                var state = client.Begin(MessageKind.Done, number);
                PodCodec.Write(state, pod.State());
                client.Send(state);
                break;
            case MessageKind.ReadUsage:
                WriteUsage(client, number, pod.Find(body.String()));
                break;
            case MessageKind.DeleteContainer:
                pod.Delete(body.String());
                client.Done(number);
                break;
            case MessageKind.DeleteExec:
                pod.TryFind(body.String())?.DeleteExec(body.String());
                client.Done(number);
                break;
            case MessageKind.Pause:
                pod.Find(body.String()).Pause(new Reply(client, number));
                break;
            case MessageKind.Resume:
                pod.Find(body.String()).Resume(new Reply(client, number));
                break;
            case MessageKind.Update:
                // A runtime of before sends no more than the limits.
                pod.Find(body.String()).Update(LimitsCodec.Read(ref body), body.AtEnd ? [] : body.Bytes(), new Reply(client, number));
                break;
            case MessageKind.ReadProcesses:
                WriteProcesses(client, number, pod.Find(body.String()));
                break;
            case MessageKind.Shutdown:
                pod.Shutdown();
                client.Done(number);
                break;
            default:
                throw new SuiteException(ErrorKind.Unsupported, $"ask the shim: request {(byte)kind} is of a newer version of Suite");
        }
    }

    private static void ReadAnnouncement(Pod pod, WireReader body)
    {
        var (id, cgroupPath, limits) = (body.String(), body.String(), LimitsCodec.Read(ref body));
        // A runtime of before sends no more than the limits.
        var head = body.AtEnd ? null : PlanCodec.ReadClone(ref body);
        pod.Announce(id, cgroupPath, limits, head, body);
    }

    private static void ReadExec(Pod pod, Client client, uint number, WireReader body, ReadOnlySpan<int> descriptors)
    {
        var container = pod.Find(body.String());
        var id = body.String();
        var size = PodCodec.ReadSize(ref body);
        Span<int> streams = [-1, -1, -1];
        var next = 1;
        for (var i = 0; i < 3; i++)
        {
            if (body.Bool() && next < descriptors.Length)
                streams[i] = descriptors[next++];
        }

        container.Exec(id, Plan(descriptors), streams, size, Answer(client, number));
    }

    private static MappedPlan Plan(ReadOnlySpan<int> descriptors) => descriptors.IsEmpty
        ? throw new SuiteException(ErrorKind.InvalidArgument, "start a process: the request has no plan with it")
        : new MappedPlan(descriptors[0]);

    private static StartAnswer Answer(Client client, uint number) => new(client, number);

    private static void WriteProcesses(Client client, uint number, Container container)
    {
        var processes = container.Processes();
        var writer = client.Begin(MessageKind.Done, number);
        // A packet has room for many thousands; the rest would not be read by anyone.
        var count = Math.Min(processes.Count, (Protocol.MaxMessage / sizeof(int)) - 16);
        writer.Int(count);
        for (var i = 0; i < count; i++)
            writer.Int(processes[i]);
        client.Send(writer);
    }

    private static void WriteUsage(Client client, uint number, Container container)
    {
        var usage = container.Usage();
        var writer = client.Begin(MessageKind.Done, number);
        writer.Long(TimeProvider.System.GetUtcNow().UtcTicks);
        writer.ULong(usage.CpuNanoseconds);
        writer.ULong(usage.MemoryBytes);
        writer.ULong(usage.WorkingSetBytes);
        writer.ULong(usage.MemoryLimitBytes);
        writer.ULong(usage.Processes);
        client.Send(writer);
    }
}

/// <summary>Tells the one who asked how something went, now or later.</summary>
internal readonly record struct Reply(Client Client, uint Number)
{
    /// <param name="failure">Null: it is done.</param>
    public void Settle(SuiteException? failure)
    {
        if (failure is null)
            Client.Done(Number);
        else
            Client.Fail(Number, new InitReport(failure.Kind, ShimAnswer.NotAStart, failure.Message));
    }
}

/// <summary>Tells the one who asked how a start went.</summary>
internal readonly record struct StartAnswer(Client Client, uint Number)
{
    public void Started(int pid, DateTimeOffset at, int terminal = -1)
    {
        var writer = Client.Begin(MessageKind.Done, Number);
        writer.Int(pid);
        writer.Long(at.UtcTicks);
        Client.Send(writer, terminal);
        Descriptor.Close(terminal);
    }

    public void Failed(InitReport failure) => Client.Fail(Number, failure);
}
