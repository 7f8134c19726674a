using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Store;

namespace Suite.Runtime.Streaming;

/// <summary>CRI's Exec, Attach and PortForward: checks what is asked, and says where to connect for it.</summary>
internal sealed class OfferStream(Inventory inventory, StreamTickets tickets, StreamListener listener)
{
    /// <returns>The address, for one connection.</returns>
    public string Exec(string containerId, IReadOnlyList<string> command, WantedStreams streams)
    {
        if (command.Count == 0)
            throw new SuiteException(ErrorKind.InvalidArgument, "cmd: must not be empty");
        return Offer(new ExecStreamRequest(Running(containerId, "run a process in").Id, command, Checked(streams)));
    }

    /// <inheritdoc cref="Exec"/>
    public string Attach(string containerId, WantedStreams streams)
    {
        var container = Running(containerId, "attach to");
        if (streams.Terminal != container.Config.Tty)
            throw new SuiteException(ErrorKind.InvalidArgument, $"tty: container {container.Name} was made {(container.Config.Tty ? "with" : "without")} a terminal");
        // Of a container whose input is closed there is none to connect: its output is what the caller gets.
        return Offer(new AttachStreamRequest(container.Id, Checked(streams)));
    }

    /// <inheritdoc cref="Exec"/>
    public string PortForward(string podId, IReadOnlyList<int> ports)
    {
        var pod = inventory.KubernetesPod(podId);
        if (!pod.IsReady)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot forward ports of pod {pod.Metadata}: it is not ready");
        if (ports.FirstOrDefault(port => port is < 1 or > 65535) is var wrong and not 0)
            throw new SuiteException(ErrorKind.InvalidArgument, $"port: {wrong} is not between 1 and 65535");
        return Offer(new PortForwardRequest(pod.Id, ports));
    }

    private string Offer(StreamRequest request) => new Uri(listener.Address, $"/{request.Path}/{tickets.Issue(request)}").AbsoluteUri;

    private ContainerRecord Running(string containerId, string purpose)
    {
        var container = inventory.KubernetesContainer(containerId);
        return container.State == ContainerState.Running
            ? container
            : throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot {purpose} container {container.Name}: it is {container.State.Word()}, and must be running");
    }

    private static WantedStreams Checked(WantedStreams streams) => streams switch
    {
        { Input: false, Output: false, Error: false } => throw new SuiteException(ErrorKind.InvalidArgument, "stdin, stdout, stderr: one of them must be true"),
        { Terminal: true, Error: true } => throw new SuiteException(ErrorKind.InvalidArgument, "stderr: must be false with tty, as a terminal has one output"),
        _ => streams,
    };
}
