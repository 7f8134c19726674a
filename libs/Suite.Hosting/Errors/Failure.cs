using Grpc.Core;
using Microsoft.Data.Sqlite;
using Suite.Linux.Errors;

namespace Suite.Hosting.Errors;

/// <summary>What a caller is told about an exception.</summary>
public readonly record struct Failure(StatusCode Code, string Message)
{
    private const int SQLITE_FULL = 13;

    /// <param name="exception">Whatever a handler threw.</param>
    /// <param name="deadlinePassed">Whether the caller's time limit has run out, which gRPC reports by cancelling.</param>
    public static Failure Of(Exception exception, bool deadlinePassed) => exception switch
    {
        RpcException e => new(e.StatusCode, e.Status.Detail),
        SuiteException e => new(StatusCodes.Of(e.Kind), e.Message),
        OperationCanceledException when deadlinePassed => new(StatusCode.DeadlineExceeded, "the caller's time limit ran out"),
        OperationCanceledException => new(StatusCode.Cancelled, "the call was cancelled"),
        TimeoutException e => new(StatusCode.DeadlineExceeded, e.Message),
        // .NET puts errno in HResult of an IOException on Unix. A full disk is no bug of ours, and the caller can do something.
        IOException { HResult: ErrnoNames.ENOSPC or ErrnoNames.EDQUOT } e => new(StatusCode.ResourceExhausted, e.Message),
        SqliteException { SqliteErrorCode: SQLITE_FULL } =>
            new(StatusCode.ResourceExhausted, "the database cannot grow: no space left on device (ENOSPC)"),
        // The text of an unforeseen exception helps whoever reports it; the stack is in the service's log.
        _ => new(StatusCode.Internal, $"internal error: {exception.Message}"),
    };
}
