namespace Suite.Linux.Errors;

/// <summary>A system call failed: <see cref="Errno"/> says how, the message says what was being done.</summary>
public sealed class ErrnoException : SuiteException
{
    /// <param name="action">What was attempted and on what, for example <c>mount overlay on /x</c>.</param>
    /// <param name="errno">The value of errno after the call.</param>
    public ErrnoException(string action, int errno)
        : base(KindOf(errno), $"{action}: {ErrnoNames.Describe(errno)}")
    {
        Errno = errno;
    }

    public int Errno { get; }

    private static ErrorKind KindOf(int errno) => errno switch
    {
        ErrnoNames.ENOENT or ErrnoNames.ESRCH => ErrorKind.NotFound,
        ErrnoNames.EEXIST or ErrnoNames.EADDRINUSE => ErrorKind.AlreadyExists,
        ErrnoNames.EPERM or ErrnoNames.EACCES => ErrorKind.PermissionDenied,
        ErrnoNames.ENOSPC or ErrnoNames.EDQUOT or ErrnoNames.EMFILE or ErrnoNames.ENFILE or ErrnoNames.ENOMEM => ErrorKind.ResourceExhausted,
        ErrnoNames.ENOSYS or ErrnoNames.EOPNOTSUPP => ErrorKind.Unsupported,
        _ => ErrorKind.Internal,
    };
}
