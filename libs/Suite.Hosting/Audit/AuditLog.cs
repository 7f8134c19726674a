using Grpc.Core;
using Microsoft.Extensions.Logging;
using Suite.Hosting.Sockets;

namespace Suite.Hosting.Audit;

/// <summary>One line in the category Suite.Audit for each call that changes something: who, what, how it ended.</summary>
internal sealed partial class AuditLog(TimeProvider time, ILoggerFactory loggers)
{
    public const string Category = "Suite.Audit";

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    public void Succeeded(ServerCallContext context, long start) => Write(context, start, StatusCode.OK);

    public void Failed(ServerCallContext context, long start, StatusCode code) => Write(context, start, code);

    private void Write(ServerCallContext context, long start, StatusCode code)
    {
        if (!_logger.IsEnabled(LogLevel.Information) || !AuditRule.Changes(context.Method))
            return;
        var peer = context.GetHttpContext().Features.Get<PeerCredentials>()?.ToString() ?? context.Peer;
        Ended(context.Method.TrimStart('/'), peer, code, (long)time.GetElapsedTime(start).TotalMicroseconds);
    }

    [LoggerMessage(LogLevel.Information, "{Method} by {Peer}: {Code} in {Microseconds} us")]
    private partial void Ended(string method, string peer, StatusCode code, long microseconds);
}
