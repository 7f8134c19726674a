using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Suite.Hosting.Authorities;

/// <summary>
/// Lets clients in that call the server by the path of its socket: gRPC for Go does (kubelet, crictl and critest before 1.31),
/// and gRPC for C and Python before 1.57. Kestrel takes a slash in :authority for an attack and resets the stream
/// (dotnet/aspnetcore#18522). On a unix socket the name says nothing, so it is replaced before Kestrel sees it.
/// </summary>
internal static class AnyAuthority
{
    public static ConnectionDelegate Accept(ConnectionDelegate next) => connection =>
    {
        connection.Transport = new Transport(new AuthorityReader(connection.Transport.Input), connection.Transport.Output);
        return next(connection);
    };

    private sealed class Transport(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
