using System.Globalization;
using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using Suite.Runtime.Exec.Wire;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>
/// Filters of system calls (seccomp(2)). A filter may be set by who has no_new_privs or CAP_SYS_ADMIN. Without the first, that
/// capability is kept aside until the filter is in place, so that the profile has to allow two calls of ours: capset and execve.
/// </summary>
internal static unsafe class FilterActions
{
    private const int CAP_SYS_ADMIN = 21;

    public static void Take(Step step, InitContext context)
    {
        if (step is ConnectListener connect)
            context.Listener = Connect(connect.Path);
        else
            context.Filter = (FilterSystemCalls)step;
    }

    /// <summary>The permitted set while a filter is still to come.</summary>
    public static ulong KeptAside(InitContext context, ulong have)
    {
        if (context.Filter is null || Prctl.prctl(Prctl.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
            return 0;
        return (have >> CAP_SYS_ADMIN & 1) != 0
            ? 1UL << CAP_SYS_ADMIN
            : throw new SuiteException(ErrorKind.PermissionDenied, "filter system calls: this needs noNewPrivileges, or a runtime with CAP_SYS_ADMIN");
    }

    /// <summary>The very last before execve.</summary>
    public static void Install(InitContext context)
    {
        if (context.Filter is not { } filter)
            return;

        var metadata = filter.Message is { } message
            ? Encoding.UTF8.GetBytes($"{{\"ociVersion\":\"1.3.0\",\"fds\":[\"seccompFd\"],\"pid\":{context.HostPid.ToString(CultureInfo.InvariantCulture)},\"metadata\":{StateText.Quote(message.Metadata)},\"state\":{message.State.With("creating", context.HostPid)}}}")
            : [];
        if (context.RightsAfterFilter is { } kept)
            Set(kept.Effective | 1UL << CAP_SYS_ADMIN, kept.Permitted | 1UL << CAP_SYS_ADMIN, kept.Inheritable);

        int result;
        fixed (byte* instructions = filter.Program.Instructions)
        {
            var program = new Seccomp.sock_fprog
            {
                len = (ushort)(filter.Program.Instructions.Length / sizeof(Seccomp.sock_filter)),
                filter = (Seccomp.sock_filter*)instructions,
            };
            result = Seccomp.SetFilter(filter.Program.Flags, &program);
        }

        if (result < 0)
            throw new ErrnoException("filter system calls", errno);
        if ((filter.Program.Flags & Seccomp.SECCOMP_FILTER_FLAG_NEW_LISTENER) != 0)
            FdMessage.Send(context.Listener, metadata, [result]);
        if (context.RightsAfterFilter is { } rights)
            Set(rights.Effective, rights.Permitted, rights.Inheritable);
    }

    private static void Set(ulong effective, ulong permitted, ulong inheritable)
    {
        var header = new Capability.cap_user_header_t { version = Capability._LINUX_CAPABILITY_VERSION_3 };
        var data = stackalloc Capability.cap_user_data_t[2];
        for (var word = 0; word < 2; word++)
        {
            data[word].effective = (uint)(effective >> (32 * word));
            data[word].permitted = (uint)(permitted >> (32 * word));
            data[word].inheritable = (uint)(inheritable >> (32 * word));
        }

        if (Capability.capset(&header, data) != 0)
            throw new ErrnoException("set the capabilities around the filter of system calls, which must allow capset without noNewPrivileges", errno);
    }

    private static int Connect(string path)
    {
        var fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0)
            throw new ErrnoException("make a socket", errno);

        var name = Descriptor.Path(path);
        // struct sockaddr_un: a family of two bytes, a path of 108 (unix(7)).
        var address = stackalloc byte[110];
        *(ushort*)address = (ushort)AF_UNIX;
        if (name.Length > 108)
            throw new ErrnoException($"connect to {path}", ErrnoNames.ENAMETOOLONG);
        name.CopyTo(new Span<byte>(address + 2, 108));
        return connect(fd, (sockaddr*)address, (uint)(2 + name.Length)) == 0 ? fd : throw new ErrnoException($"connect to {path}", errno);
    }

    internal static int HostPid()
    {
        var text = stackalloc byte[16];
        fixed (byte* link = "/proc/self\0"u8)
        {
            var length = (int)(long)readlink(link, text, 16);
            return length > 0 && int.TryParse(new ReadOnlySpan<byte>(text, length), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0;
        }
    }
}
