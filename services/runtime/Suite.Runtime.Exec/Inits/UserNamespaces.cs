using System.Globalization;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>
/// User namespaces that nobody is in yet: made by a child that waits while its ids are mapped from outside, held by a
/// descriptor afterwards. Only for a process whose managed code runs on one thread.
/// </summary>
internal static unsafe class UserNamespaces
{
    /// <param name="others">CLONE_NEW* of further namespaces, which the new user namespace will own.</param>
    /// <param name="files">Names in /proc/PID/ns of what is to be opened.</param>
    /// <returns>A descriptor for each.</returns>
    public static int[] Make(IdentityMap map, ulong others, ReadOnlySpan<string> files)
    {
        var processDescriptor = -1;
        var arguments = new Sched.clone_args { flags = Sched.CLONE_NEWUSER | Sched.CLONE_PIDFD | others, pidfd = (ulong)&processDescriptor, exit_signal = (ulong)SIGCHLD };
        var pid = Sched.clone3(&arguments);
        if (pid == 0)
        {
            // Dies with who made it, should that be killed before the next lines are through.
            _ = Prctl.prctl(Prctl.PR_SET_PDEATHSIG, (nuint)SIGKILL, 0, 0, 0);
            while (true)
                _ = poll(null, 0, -1);
        }

        if (pid < 0)
            throw new ErrnoException("make a user namespace", errno);
        try
        {
            // An init may live in a new pid namespace, whose numbers the host's /proc does not know.
            var known = ProcessDescriptors.PidOf(processDescriptor);
            Map(known, "gid_map", map.Gids);
            Map(known, "uid_map", map.Uids);
            var opened = new int[files.Length];
            for (var i = 0; i < opened.Length; i++)
                opened[i] = Descriptor.Open($"/proc/{known}/ns/{files[i]}", O_RDONLY);
            return opened;
        }
        finally
        {
            Descriptor.Close(processDescriptor);
            _ = kill(pid, SIGKILL);
            int status;
            while (Wait.waitpid(pid, &status, Wait.__WALL) < 0 && errno == ErrnoNames.EINTR)
            {
            }
        }
    }

    /// <summary>
    /// Has the user and group that are root in the user namespace this process has just joined: until then it has those of the
    /// host's root, which there mean nobody, and every file it made would be nobody's.
    /// </summary>
    public static void BecomeRoot()
    {
        Check(Credentials.SetGroups([]), "leave the host's groups");
        Check(Credentials.SetGroup(0), "become the group 0 of the user namespace, which must be mapped");
        Check(Credentials.SetUser(0), "become the user 0 of the user namespace, which must be mapped");
    }

    /// <returns>The host's ids of user and group 0 in a user namespace.</returns>
    public static (uint Uid, uint Gid) RootOf(int users)
    {
        var ends = stackalloc int[2];
        if (pipe2(ends, O_CLOEXEC) != 0)
            throw new ErrnoException("make a pipe", errno);
        var arguments = new Sched.clone_args { exit_signal = (ulong)SIGCHLD };
        var pid = Sched.clone3(&arguments);
        if (pid == 0)
        {
            // Who is in it reads the maps in the numbers of the namespace above (user_namespaces(7)).
            if (setns(users, (int)Sched.CLONE_NEWUSER) == 0)
                _ = Descriptor.TryWrite(ends[1], $"{RootIn("/proc/self/uid_map")} {RootIn("/proc/self/gid_map")}");
            _exit(0);
        }

        Descriptor.Close(ends[1]);
        var said = Descriptor.ReadText(ends[0]).Split(' ');
        Descriptor.Close(ends[0]);
        int status;
        while (pid > 0 && Wait.waitpid(pid, &status, Wait.__WALL) < 0 && errno == ErrnoNames.EINTR)
        {
        }

        return said.Length == 2 && uint.TryParse(said[0], NumberStyles.None, CultureInfo.InvariantCulture, out var uid) && uint.TryParse(said[1], NumberStyles.None, CultureInfo.InvariantCulture, out var gid)
            ? (uid, gid)
            : throw new SuiteException(ErrorKind.FailedPrecondition, "read the ids of the user namespace: it does not map the user and the group 0");
    }

    private static string RootIn(string file)
    {
        foreach (var line in (Descriptor.TryReadText(file) ?? "").Split('\n'))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 3 && fields[0] == "0")
                return fields[1];
        }

        return "";
    }

    /// <summary>
    /// So that /dev/stdout can be opened in the container: its pipes belong to the host's root, whom nobody in there is. They have
    /// no path but through /proc of the container's own processes.
    /// </summary>
    public static void ShareStreams()
    {
        for (var fd = 0; fd < 3; fd++)
        {
            stat status;
            if (fstat(fd, &status) == 0 && ((uint)status.st_mode & 0xf000) == 0x1000)
                _ = fchmod(fd, (mode_t)0x1b6 /* 0666 */);
        }
    }

    /// <summary>Whether a process is in another namespace of a kind than this one.</summary>
    public static bool Differs(int pid, string file) => LinkOf($"/proc/{pid}/ns/{file}") != LinkOf($"/proc/self/ns/{file}");

    private static string LinkOf(string path)
    {
        var text = stackalloc byte[64];
        fixed (byte* link = Descriptor.Path(path))
        {
            var length = (int)(long)readlink(link, text, 64);
            return length > 0 ? System.Text.Encoding.UTF8.GetString(text, length) : "";
        }
    }

    private static void Map(int pid, string file, IReadOnlyList<IdMapping> mappings)
    {
        var lines = IdentityMap.Lines(mappings);
        var error = Descriptor.TryWriteText($"/proc/{pid}/{file}", lines);
        if (error != 0)
            throw new ErrnoException($"map ids in {file}: {lines.TrimEnd().Replace('\n', ',')}", error);
    }

    private static void Check(int result, string action)
    {
        if (result != 0)
            throw new ErrnoException(action, errno);
    }
}
