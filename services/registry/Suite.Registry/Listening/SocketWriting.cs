using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Suite.Registry.Listening;

/// <summary>Lets connections write to their sockets themselves. What is encrypted on its way cannot, and keeps Kestrel's pipe.</summary>
internal static class SocketWriting
{
    /// <summary>Gives each connection a <see cref="SocketWriter"/>, which requests find among their features.</summary>
    public static void UseSocketWriter(this ListenOptions listen) => listen.Use(next => connection => RunAsync(connection, next));

    private static async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var socket = connection.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        var writer = new SocketWriter(socket, connection.Features.GetRequiredFeature<IMemoryPoolFeature>().MemoryPool);
        connection.Features.Set(writer);
        connection.Transport = new Transport(connection.Transport.Input, writer);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            await writer.CompleteAsync().ConfigureAwait(false);
        }
    }

    private sealed class Transport(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
