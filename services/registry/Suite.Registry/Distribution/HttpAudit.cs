using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Suite.Registry.Access;
using Suite.Registry.Measurements;

namespace Suite.Registry.Distribution;

/// <summary>
/// One line in the category Suite.Audit for each request that changes the registry or is refused, as the gRPC hosts write for theirs.
/// </summary>
internal sealed partial class HttpAudit(RegistryMetrics metrics, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger("Suite.Audit");

    public void Ended(HttpContext http)
    {
        var status = http.Response.StatusCode;
        var refused = status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests;
        if (refused)
            metrics.Refused(status);
        if (!refused && http.Request.Method is not ("PUT" or "DELETE" or "POST"))
            return;
        if (!_logger.IsEnabled(LogLevel.Information))
            return;
        var peer = http.Connection.RemoteIpAddress?.ToString() ?? "a local socket";
        var user = AccessCheck.CallerOf(http).User;
        Ended(http.Request.Method, http.Request.Path, user.Length == 0 ? peer : $"{user} at {peer}", status);
    }

    [LoggerMessage(LogLevel.Information, "{Method} {Path} by {Peer}: {Status}")]
    private partial void Ended(string method, string path, string peer, int status);
}
