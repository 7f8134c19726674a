using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Contract.Tests.Graph;

/// <summary>A user namespace in which id 0 is another id of the machine, held open for a mount to be mapped by.</summary>
internal sealed unsafe partial class UserNamespace : IDisposable
{
    private readonly uint _first;

    public UserNamespace(uint first, uint count)
    {
        _first = first;
        using var process = Process.Start(new ProcessStartInfo("unshare", ["--user", "cat"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        // cat answers when it runs, and then unshare has made the namespace.
        process.StandardInput.WriteLine("ready");
        process.StandardInput.Flush();
        process.StandardOutput.ReadLine();
        foreach (var kind in (string[])["uid_map", "gid_map"]) File.WriteAllText($"/proc/{process.Id}/{kind}", $"0 {first} {count}\n");
        Descriptor = FileCalls.OpenAt(FileCalls.AT_FDCWD, Encoding.ASCII.GetBytes($"/proc/{process.Id}/ns/user"), FileCalls.O_RDONLY);
        process.StandardInput.Close();
        process.WaitForExit();
    }

    public int Descriptor { get; }

    /// <summary>
    /// Runs something on a thread that has the capabilities of root and makes files as the namespace's root: overlayfs makes its own
    /// files with the ids of whoever mounted it, and an id that a mapped directory does not know cannot be written to it (EOVERFLOW).
    /// </summary>
    public void RunAsItsRoot(Action work)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Become(_first);
                work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    public void Dispose() => FileCalls.Close(Descriptor);

    private static void Become(uint id)
    {
        // setfsuid(2) takes the capabilities over files away with root's id, from the effective set alone.
        setfsgid(id);
        setfsuid(id);
        var header = new Capability.cap_user_header_t { version = Capability._LINUX_CAPABILITY_VERSION_3 };
        var data = stackalloc Capability.cap_user_data_t[2];
        if (Capability.capget(&header, data) != 0) throw new ErrnoException("read the capabilities", Marshal.GetLastPInvokeError());
        for (var i = 0; i < 2; i++) data[i].effective = data[i].permitted;
        if (Capability.capset(&header, data) != 0) throw new ErrnoException("raise the capabilities", Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc")]
    private static partial int setfsuid(uint id);

    [LibraryImport("libc")]
    private static partial int setfsgid(uint id);
}
