using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using Suite.Hosting.Audit;

namespace Suite.Hosting.Errors;

/// <summary>The one place where an exception becomes a gRPC status: maps it, logs it once, marks the span, closes the audit entry.</summary>
internal sealed partial class ErrorInterceptor(AuditLog audit, TimeProvider time, ILogger<ErrorInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var start = time.GetTimestamp();
        try
        {
            var response = await continuation(request, context).ConfigureAwait(false);
            audit.Succeeded(context, start);
            return response;
        }
        catch (Exception e)
        {
            throw Fail(e, context, start);
        }
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        UnaryServerHandler(requestStream, context, (stream, inner) => continuation(stream, inner));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        Guard(context, () => continuation(request, responseStream, context));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        Guard(context, () => continuation(requestStream, responseStream, context));

    private async Task Guard(ServerCallContext context, Func<Task> call)
    {
        var start = time.GetTimestamp();
        try
        {
            await call().ConfigureAwait(false);
            audit.Succeeded(context, start);
        }
        catch (Exception e)
        {
            throw Fail(e, context, start);
        }
    }

    private RpcException Fail(Exception exception, ServerCallContext context, long start)
    {
        var failure = Failure.Of(exception, context.Deadline < time.GetUtcNow().UtcDateTime);
        var method = context.Method.TrimStart('/');
        switch (failure.Code)
        {
            case StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss:
                Broke(exception, method, failure.Message);
                break;
            case StatusCode.Unavailable or StatusCode.ResourceExhausted:
                Hindered(method, failure.Code, failure.Message);
                break;
            default:
                Refused(method, failure.Code, failure.Message);
                break;
        }

        Activity.Current?.SetStatus(ActivityStatusCode.Error, failure.Message);
        Activity.Current?.SetTag("error.type", failure.Code.ToString());
        audit.Failed(context, start, failure.Code);
        return exception as RpcException ?? new RpcException(new Status(failure.Code, failure.Message));
    }

    [LoggerMessage(LogLevel.Error, "{Method} failed: {Reason}")]
    private partial void Broke(Exception exception, string method, string reason);

    [LoggerMessage(LogLevel.Warning, "{Method} answers {Code}: {Reason}")]
    private partial void Hindered(string method, StatusCode code, string reason);

    [LoggerMessage(LogLevel.Debug, "{Method} answers {Code}: {Reason}")]
    private partial void Refused(string method, StatusCode code, string reason);
}
