using Grpc.Core;
using Grpc.Core.Interceptors;
using Suite.Hosting.Errors;
using Suite.Linux.Errors;

namespace Suite.Hosting.Clients;

/// <summary>Turns the gRPC errors of a peer service back into our own exception, so that callers know one kind of error only.</summary>
internal sealed class ErrorTranslator(string socketPath) : Interceptor
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        return new AsyncUnaryCall<TResponse>(
            Translate(call.ResponseAsync, context.Options.CancellationToken), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        try
        {
            return continuation(request, context);
        }
        catch (RpcException e)
        {
            throw Translate(e, context.Options.CancellationToken);
        }
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        return new AsyncServerStreamingCall<TResponse>(
            new Reader<TResponse>(this, call.ResponseStream), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(context);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            call.RequestStream, Translate(call.ResponseAsync, context.Options.CancellationToken), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(context);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            call.RequestStream, new Reader<TResponse>(this, call.ResponseStream), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    private async Task<TResponse> Translate<TResponse>(Task<TResponse> response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            throw Translate(e, cancellationToken);
        }
    }

    private Exception Translate(RpcException e, CancellationToken cancellationToken)
    {
        if (e.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested)
            return new OperationCanceledException(e.Status.Detail, e, cancellationToken);

        // The client library makes its own Unavailable, with the cause attached, when no answer came; a service's own has none.
        var name = "suite-" + Path.GetFileNameWithoutExtension(socketPath);
        if (e.StatusCode is StatusCode.Unavailable or StatusCode.Internal && e.Status.DebugException is { } cause)
        {
            var reason = (cause.InnerException ?? cause).Message;
            return new SuiteException(ErrorKind.Unavailable, $"{name} does not answer on {socketPath} ({reason}): start it with `suite up`", e);
        }

        return e.StatusCode switch
        {
            StatusCode.DeadlineExceeded when e.Status.Detail.Length == 0 =>
                new SuiteException(ErrorKind.DeadlineExceeded, $"{name} did not answer within the time limit", e),
            _ => new SuiteException(StatusCodes.KindOf(e.StatusCode), e.Status.Detail, e),
        };
    }

    private sealed class Reader<T>(ErrorTranslator translator, IAsyncStreamReader<T> inner) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                return await inner.MoveNext(cancellationToken).ConfigureAwait(false);
            }
            catch (RpcException e)
            {
                throw translator.Translate(e, cancellationToken);
            }
        }
    }
}
