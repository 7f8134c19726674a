using Grpc.Core;
using Suite.Linux.Errors;

namespace Suite.Hosting.Errors;

/// <summary>ErrorKind and gRPC status, one to one, so that an error crosses two services and keeps its kind.</summary>
public static class StatusCodes
{
    public static StatusCode Of(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidArgument => StatusCode.InvalidArgument,
        ErrorKind.NotFound => StatusCode.NotFound,
        ErrorKind.AlreadyExists => StatusCode.AlreadyExists,
        ErrorKind.FailedPrecondition => StatusCode.FailedPrecondition,
        ErrorKind.PermissionDenied => StatusCode.PermissionDenied,
        ErrorKind.Unauthenticated => StatusCode.Unauthenticated,
        ErrorKind.ResourceExhausted => StatusCode.ResourceExhausted,
        ErrorKind.Unavailable => StatusCode.Unavailable,
        ErrorKind.DeadlineExceeded => StatusCode.DeadlineExceeded,
        ErrorKind.Corrupt => StatusCode.DataLoss,
        ErrorKind.Unsupported => StatusCode.Unimplemented,
        _ => StatusCode.Internal,
    };

    public static ErrorKind KindOf(StatusCode code) => code switch
    {
        StatusCode.InvalidArgument or StatusCode.OutOfRange => ErrorKind.InvalidArgument,
        StatusCode.NotFound => ErrorKind.NotFound,
        StatusCode.AlreadyExists => ErrorKind.AlreadyExists,
        StatusCode.FailedPrecondition or StatusCode.Aborted => ErrorKind.FailedPrecondition,
        StatusCode.PermissionDenied => ErrorKind.PermissionDenied,
        StatusCode.Unauthenticated => ErrorKind.Unauthenticated,
        StatusCode.ResourceExhausted => ErrorKind.ResourceExhausted,
        StatusCode.Unavailable => ErrorKind.Unavailable,
        StatusCode.DeadlineExceeded => ErrorKind.DeadlineExceeded,
        StatusCode.DataLoss => ErrorKind.Corrupt,
        StatusCode.Unimplemented => ErrorKind.Unsupported,
        _ => ErrorKind.Internal,
    };
}
