namespace Suite.Linux.Errors;

/// <summary>The error numbers of errno(3) that Suite tells apart, and what each means in words (asm-generic/errno*.h).</summary>
public static class ErrnoNames
{
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int ESRCH = 3;
    public const int EINTR = 4;
    public const int EIO = 5;
    public const int ENXIO = 6;
    public const int E2BIG = 7;
    public const int ENOEXEC = 8;
    public const int EBADF = 9;
    public const int ECHILD = 10;
    public const int EAGAIN = 11;
    public const int ENOMEM = 12;
    public const int EACCES = 13;
    public const int EBUSY = 16;
    public const int EEXIST = 17;
    public const int EXDEV = 18;
    public const int ENODEV = 19;
    public const int ENOTDIR = 20;
    public const int EISDIR = 21;
    public const int EINVAL = 22;
    public const int ENFILE = 23;
    public const int EMFILE = 24;
    public const int ENOTTY = 25;
    public const int EFBIG = 27;
    public const int ENOSPC = 28;
    public const int EROFS = 30;
    public const int EMLINK = 31;
    public const int EPIPE = 32;
    public const int ERANGE = 34;
    public const int ENAMETOOLONG = 36;
    public const int ENOSYS = 38;
    public const int ENOTEMPTY = 39;
    public const int ELOOP = 40;
    public const int ENODATA = 61;
    public const int EOPNOTSUPP = 95;
    public const int EADDRINUSE = 98;
    public const int EADDRNOTAVAIL = 99;
    public const int ENETUNREACH = 101;
    public const int ECONNRESET = 104;
    public const int ENOBUFS = 105;
    public const int ETIMEDOUT = 110;
    public const int ECONNREFUSED = 111;
    public const int EDQUOT = 122;

    /// <summary>The number as a reader knows it: <c>no space left on device (ENOSPC)</c>.</summary>
    public static string Describe(int errno) => errno switch
    {
        EPERM => "operation not permitted (EPERM)",
        ENOENT => "no such file or directory (ENOENT)",
        ESRCH => "no such process (ESRCH)",
        EINTR => "interrupted (EINTR)",
        EIO => "input/output error (EIO)",
        ENXIO => "no such device or address (ENXIO)",
        E2BIG => "argument list too long (E2BIG)",
        ENOEXEC => "exec format error (ENOEXEC)",
        EBADF => "bad file descriptor (EBADF)",
        ECHILD => "no child processes (ECHILD)",
        EAGAIN => "resource temporarily unavailable (EAGAIN)",
        ENOMEM => "out of memory (ENOMEM)",
        EACCES => "permission denied (EACCES)",
        EBUSY => "device or resource busy (EBUSY)",
        EEXIST => "file exists (EEXIST)",
        EXDEV => "invalid cross-device link (EXDEV)",
        ENODEV => "no such device (ENODEV)",
        ENOTDIR => "not a directory (ENOTDIR)",
        EISDIR => "is a directory (EISDIR)",
        EINVAL => "invalid argument (EINVAL)",
        ENFILE => "too many open files in the system (ENFILE)",
        EMFILE => "too many open files (EMFILE)",
        ENOTTY => "not a terminal (ENOTTY)",
        EFBIG => "file too large (EFBIG)",
        ENOSPC => "no space left on device (ENOSPC)",
        EROFS => "read-only file system (EROFS)",
        EMLINK => "too many links (EMLINK)",
        EPIPE => "broken pipe (EPIPE)",
        ERANGE => "result out of range (ERANGE)",
        ENAMETOOLONG => "file name too long (ENAMETOOLONG)",
        ENOSYS => "not implemented by this kernel (ENOSYS)",
        ENOTEMPTY => "directory not empty (ENOTEMPTY)",
        ELOOP => "too many levels of symbolic links (ELOOP)",
        ENODATA => "no data available (ENODATA)",
        EOPNOTSUPP => "operation not supported (EOPNOTSUPP)",
        EADDRINUSE => "address already in use (EADDRINUSE)",
        EADDRNOTAVAIL => "cannot assign requested address (EADDRNOTAVAIL)",
        ENETUNREACH => "network is unreachable (ENETUNREACH)",
        ECONNRESET => "connection reset by the peer (ECONNRESET)",
        ENOBUFS => "no buffer space available (ENOBUFS)",
        ETIMEDOUT => "connection timed out (ETIMEDOUT)",
        ECONNREFUSED => "connection refused (ECONNREFUSED)",
        EDQUOT => "disk quota exceeded (EDQUOT)",
        _ => $"error {errno}",
    };
}
