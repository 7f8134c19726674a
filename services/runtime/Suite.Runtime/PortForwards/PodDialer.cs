using System.Net;
using System.Net.Sockets;
using Suite.Linux.Errors;
using Suite.Linux.Namespaces;
using Suite.Runtime.Store;

namespace Suite.Runtime.PortForwards;

/// <summary>
/// Connects to a port of a pod's loopback. A socket belongs to the network namespace of the thread that made it, and stays there
/// (network_namespaces(7)): it is made on a thread that enters the pod's and ends, and connected from anywhere.
/// </summary>
internal sealed class PodDialer(Inventory inventory)
{
    /// <exception cref="SuiteException">The pod is gone, or nobody listens.</exception>
    public async Task<Socket> ConnectAsync(string podId, int port, CancellationToken cancellationToken)
    {
        var pod = inventory.KubernetesPod(podId);
        if (!pod.IsReady)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot forward port {port} of pod {pod.Metadata}: it is not ready");
        SocketException? refused = null;
        foreach (var address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
        {
            Socket? socket = null;
            try
            {
                socket = MakeIn(pod.NetnsPath, address.AddressFamily);
                socket.NoDelay = true;
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken).ConfigureAwait(false);
                return socket;
            }
            catch (SocketException failure)
            {
                socket?.Dispose();
                refused ??= failure;
            }
            catch
            {
                socket?.Dispose();
                throw;
            }
        }
        throw new SuiteException(ErrorKind.Unavailable, $"cannot connect to port {port} of pod {pod.Metadata} on its loopback: {refused!.Message}", refused);
    }

    private static Socket MakeIn(string? netns, AddressFamily family)
    {
        // A pod on the host's network has none of its own.
        if (netns is null)
            return Make();
        using var space = NetworkNamespace.Open(netns);
        return space.Run(Make);

        Socket Make() => new(family, SocketType.Stream, ProtocolType.Tcp);
    }
}
