using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Suite.Registry.Distribution;

/// <summary>One line in the category Suite.Audit for each request that changes the registry, as the gRPC hosts write for theirs.</summary>
internal sealed partial class HttpAudit(ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger("Suite.Audit");

    public void Ended(HttpContext http)
    {
        if (http.Request.Method is "PUT" or "DELETE" or "POST" && _logger.IsEnabled(LogLevel.Information))
            Changed(http.Request.Method, http.Request.Path, http.Connection.RemoteIpAddress?.ToString() ?? "a local socket", http.Response.StatusCode);
    }

    [LoggerMessage(LogLevel.Information, "{Method} {Path} by {Peer}: {Status}")]
    private partial void Changed(string method, string path, string peer, int status);
}
