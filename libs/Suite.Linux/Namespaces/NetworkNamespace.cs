using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Linux.Namespaces;

/// <summary>
/// A network namespace, kept alive by an open file and, once it is bound, by a mount on a path that others can open.
/// A namespace without a name dies with its owner's process, so prepared ones need no cleaning after a crash.
/// </summary>
public sealed class NetworkNamespace : IDisposable
{
    private const int StackBytes = 256 * 1024;

    private readonly string _name;

    private NetworkNamespace(SafeFileHandle handle, string name)
    {
        Handle = handle;
        _name = name;
    }

    public SafeFileHandle Handle { get; }

    /// <summary>The inode number that /proc/PID/ns/net shows: the namespace's identity while it lives.</summary>
    public ulong Inode => NetworkNamespaceCalls.Identity(Handle).Inode;

    /// <summary>Makes a namespace and runs <paramref name="prepare"/> inside it, for sockets and /proc/sys/net.</summary>
    public static NetworkNamespace Create<T>(Func<T> prepare, out T prepared)
    {
        (NetworkNamespace made, prepared) = OnThreadOfItsOwn(() =>
        {
            NetworkNamespaceCalls.Unshare();
            // /proc/self would be the namespace of the main thread.
            var space = new NetworkNamespace(NetworkNamespaceCalls.Open("/proc/thread-self/ns/net"), "just made");
            try
            {
                return (space, prepare());
            }
            catch
            {
                space.Dispose();
                throw;
            }
        });
        return made;
    }

    public static NetworkNamespace Open(string path)
    {
        var handle = NetworkNamespaceCalls.Open(path);
        if (IsNamespace(handle))
        {
            return new NetworkNamespace(handle, path);
        }

        handle.Dispose();
        throw new SuiteException(ErrorKind.NotFound, $"{path} is a plain file: the network namespace that was mounted there is gone");
    }

    /// <summary>Whether a live namespace is mounted on <paramref name="path"/>.</summary>
    public static bool Exists(string path)
    {
        try
        {
            using var handle = NetworkNamespaceCalls.Open(path);
            return IsNamespace(handle);
        }
        catch (ErrnoException e) when (e.Errno is ErrnoNames.ENOENT or ErrnoNames.ENOTDIR)
        {
            return false;
        }
    }

    /// <summary>Runs <paramref name="body"/> inside, on a thread that ends afterwards: setns is never undone, only left behind.</summary>
    public T Run<T>(Func<T> body) => OnThreadOfItsOwn(() =>
    {
        NetworkNamespaceCalls.Enter(Handle, _name);
        return body();
    });

    /// <summary>Names the namespace by a mount on <paramref name="path"/>, which must not exist.</summary>
    public void BindTo(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            using var target = new FileStream(path, FileMode.CreateNew);
        }
        catch (IOException e)
        {
            throw new SuiteException(ErrorKind.AlreadyExists, $"cannot make {path} for a network namespace: {e.Message}", e);
        }

        try
        {
            // nsfs files may be bound from any mount namespace (fs/namespace.c, do_loopback), so a path through /proc will do.
            NetworkNamespaceCalls.Bind($"/proc/self/fd/{(int)Handle.DangerousGetHandle()}", path);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>
    /// Takes the name away; without other users the kernel then ends the namespace in the background. A path that does not
    /// exist is no error. Copies of the mount in other mount namespaces go with the file (unlink(2) since Linux 3.18).
    /// </summary>
    public static void Unbind(string path)
    {
        // Several mounts may be stacked on the path when an earlier process died between two calls.
        int error;
        while ((error = NetworkNamespaceCalls.Detach(path)) == 0)
        {
        }

        if (error is not (ErrnoNames.EINVAL or ErrnoNames.ENOENT))
        {
            throw new ErrnoException($"unmount the network namespace {path}", error);
        }

        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException(ErrorKind.Internal, $"cannot remove {path} of a network namespace: {e.Message}", e);
        }
    }

    public void Dispose() => Handle.Dispose();

    /// <summary>All namespaces are files of one nsfs, which nothing else is on.</summary>
    private static bool IsNamespace(SafeFileHandle handle)
    {
        using var ours = NetworkNamespaceCalls.Open("/proc/self/ns/net");
        return NetworkNamespaceCalls.Identity(handle).Device == NetworkNamespaceCalls.Identity(ours).Device;
    }

    /// <summary>
    /// unshare and setns change the calling thread only. A thread of the pool would carry the change into somebody else's work,
    /// so each use has a thread that is started for it and ends with it.
    /// </summary>
    private static T OnThreadOfItsOwn<T>(Func<T> body)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = body();
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            StackBytes)
        { IsBackground = true, Name = "netns" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
