using System.Collections.Frozen;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace Suite.Hosting.Sockets;

/// <summary>Closes a connection whose user is not on the list, before a byte of it is parsed.</summary>
internal sealed partial class PeerCheck(FrozenSet<uint> allowed, ILogger<PeerCheck> logger)
{
    public ConnectionDelegate Guard(ConnectionDelegate next) => connection =>
    {
        var socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;
        if (socket is null)
            return next(connection);

        var peer = PeerCredentials.Of(socket);
        if (!allowed.Contains(peer.UserId))
        {
            Refused(peer);
            connection.Abort(new ConnectionAbortedException($"{peer} is not on the list of allowed users"));
            return Task.CompletedTask;
        }

        connection.Features.Set(peer);
        return next(connection);
    };

    [LoggerMessage(LogLevel.Warning, "Refused a connection from {Peer}: its user is not in allowedUsers")]
    private partial void Refused(PeerCredentials peer);
}
