using System.Net.Sockets;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace Suite.Hosting.Clients;

/// <summary>
/// A connection to another service's socket, made at the first call and again after the service restarts. Trace context travels by
/// itself. Errors arrive as <see cref="Suite.Linux.Errors.SuiteException"/> with the kind and the sentence the service gave.
/// </summary>
/// <example><c>using var channel = ServiceChannel.Connect(paths.SocketPath("image")); var graph = new Graph.GraphClient(channel.Invoker);</c></example>
public sealed class ServiceChannel : IDisposable
{
    /// <summary>As containerd's and kubelet's limit for the CRI: a list of thousands of containers fits.</summary>
    public const int LargestMessage = 16 * 1024 * 1024;

    private readonly GrpcChannel _channel;

    private ServiceChannel(GrpcChannel channel, string socketPath)
    {
        _channel = channel;
        Invoker = channel.CreateCallInvoker().Intercept(new ErrorTranslator(socketPath));
    }

    /// <summary>For the constructor of a generated client.</summary>
    public CallInvoker Invoker { get; }

    /// <summary>Does not connect yet, so a service can start before those it needs.</summary>
    public static ServiceChannel Connect(string socketPath)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = (_, cancellationToken) => Open(socketPath, cancellationToken),
            // Over a local socket there is no proxy, no redirect and no cookie, and calls share one connection until it is full.
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        };
        var channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = LargestMessage,
            MaxSendMessageSize = LargestMessage,
        });
        return new ServiceChannel(channel, socketPath);
    }

    public void Dispose() => _channel.Dispose();

    private static async ValueTask<Stream> Open(string socketPath, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
