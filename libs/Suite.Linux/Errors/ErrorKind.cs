namespace Suite.Linux.Errors;

/// <summary>What went wrong, in the terms a caller can act on. Each kind is one gRPC status.</summary>
public enum ErrorKind
{
    /// <summary>The request itself is wrong, whatever the state of the system. INVALID_ARGUMENT.</summary>
    InvalidArgument,

    /// <summary>The thing named does not exist. NOT_FOUND.</summary>
    NotFound,

    /// <summary>The thing to be made exists already, or a name or port is taken. ALREADY_EXISTS.</summary>
    AlreadyExists,

    /// <summary>The thing exists, in a state that does not allow the call. FAILED_PRECONDITION.</summary>
    FailedPrecondition,

    /// <summary>The caller may not do this. PERMISSION_DENIED.</summary>
    PermissionDenied,

    /// <summary>The caller has not said who it is, or the proof was not accepted. UNAUTHENTICATED.</summary>
    Unauthenticated,

    /// <summary>Disk, addresses, memory or a limit is used up. RESOURCE_EXHAUSTED.</summary>
    ResourceExhausted,

    /// <summary>A service or host that is needed does not answer. UNAVAILABLE: a retry may succeed.</summary>
    Unavailable,

    /// <summary>A time limit ran out. DEADLINE_EXCEEDED.</summary>
    DeadlineExceeded,

    /// <summary>Content does not match its digest, size or format. DATA_LOSS.</summary>
    Corrupt,

    /// <summary>Not built, or not possible on this host. UNIMPLEMENTED.</summary>
    Unsupported,

    /// <summary>The kernel or our own code failed in a way that no caller caused. INTERNAL.</summary>
    Internal,
}
