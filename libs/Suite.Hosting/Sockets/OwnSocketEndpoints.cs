using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Suite.Hosting.Sockets;

internal static class OwnSocketEndpoints
{
    /// <summary>
    /// Keeps administration off every TCP port that a service opens besides its socket: a peer whose user the kernel has not told is
    /// answered as if there were nothing.
    /// </summary>
    public static void OnOwnSocketOnly(this IEndpointConventionBuilder endpoints) => endpoints.Add(endpoint =>
    {
        if (endpoint.RequestDelegate is not { } next)
            return;
        endpoint.RequestDelegate = http =>
        {
            if (http.Features.Get<PeerCredentials>() is not null)
                return next(http);
            http.Response.StatusCode = Microsoft.AspNetCore.Http.StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        };
    });
}
