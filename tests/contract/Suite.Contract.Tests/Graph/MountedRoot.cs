using System.Text;
using Suite.Image.Graph.Drivers;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using Suite.Testing.Files;
using static Suite.Linux.Native.MountCalls;
using static Tmds.Linux.LibC;

namespace Suite.Contract.Tests.Graph;

/// <summary>A root file system mounted as a container's init would, for a test to look at.</summary>
internal sealed unsafe class MountedRoot : IDisposable
{
    /// <param name="folder">The test's own: the mount is in it.</param>
    /// <param name="userNamespace">Whose ids the mount shows.</param>
    public MountedRoot(RootfsMount plan, TempFolder folder, UserNamespace? userNamespace = null)
    {
        Path = folder.Folder($"mount-{Guid.NewGuid():N}");
        var mount = -1;
        try
        {
            if (userNamespace is null) mount = Make(plan, -1);
            else userNamespace.RunAsItsRoot(() => mount = Make(plan, userNamespace.Descriptor));
            fixed (byte* target = Zero(Path), empty = Zero(""))
                Check(move_mount(mount, empty, AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH), $"mount on {Path}");
        }
        catch
        {
            Directory.Delete(Path);
            throw;
        }
        finally
        {
            if (mount >= 0) FileCalls.Close(mount);
        }
    }

    public string Path { get; }

    /// <summary>Files, links, and directories with nothing in them, in order.</summary>
    public IReadOnlyList<string> Leaves() =>
        [.. Leaves(new DirectoryInfo(Path)).Select(p => p[Path.Length..]).Order(StringComparer.Ordinal)];

    public string Read(string path) => File.ReadAllText(Path + path);

    public void Write(string path, string content) => File.WriteAllText(Path + path, content);

    /// <summary>Mode in octal, user, group.</summary>
    public string Stat(string path) => $"{Convert.ToString(Status(path).Mode, 8)} {Status(path).User} {Status(path).Group}";

    public FileStatus Status(string path)
    {
        var result = FileCalls.StatAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(Path + path), out var status);
        return result < 0 ? throw new ErrnoException($"stat {path}", -result) : status;
    }

    public void Dispose()
    {
        fixed (byte* target = Zero(Path)) Check(umount2(target, 0), $"unmount {Path}");
        Directory.Delete(Path);
    }

    private static IEnumerable<string> Leaves(DirectoryInfo directory) =>
        directory.EnumerateFileSystemInfos().SelectMany(entry =>
            entry is DirectoryInfo { LinkTarget: null } inner && inner.EnumerateFileSystemInfos().Any() ? Leaves(inner) : [entry.FullName]);

    private static int Make(RootfsMount plan, int userNamespace)
    {
        if (plan.Options.Contains("bind")) return Clone(plan.Source, userNamespace);
        int context;
        fixed (byte* type = Zero(plan.Type)) context = Check(fsopen(type, FSOPEN_CLOEXEC), $"open {plan.Type}");
        var held = new List<int> { context };
        try
        {
            Set(context, "source", plan.Source);
            if (plan.Type == "overlay" && userNamespace >= 0) SetMapped(context, plan, userNamespace, held);
            else foreach (var option in plan.Options) SetOption(context, option);
            Check(fsconfig(context, FSCONFIG_CMD_CREATE, null, null, 0), $"create {plan.Type} of {plan.Source} with {string.Join(',', plan.Options)}");
            var mount = Check(fsmount(context, FSMOUNT_CLOEXEC, 0), $"mount {plan.Type}");
            if (plan.Type != "overlay" && userNamespace >= 0) Map(mount, userNamespace);
            return mount;
        }
        finally
        {
            foreach (var file in held) FileCalls.Close(file);
        }
    }

    private static void SetOption(int context, string option)
    {
        var (key, value) = option.Split('=', 2) is [var k, var v] ? (k, v) : (option, null);
        if (key == "lowerdir") foreach (var layer in value!.Split(':')) Set(context, "lowerdir+", layer);
        else Set(context, key, value);
    }

    /// <summary>Every directory of an overlay seen through the mapping, the writable ones too: what is written has the image's ids on disk.</summary>
    private static void SetMapped(int context, RootfsMount plan, int userNamespace, List<int> held)
    {
        string Of(string name) => plan.Options.Single(o => o.StartsWith(name, StringComparison.Ordinal))[name.Length..];
        foreach (var layer in Of("lowerdir=").Split(':'))
        {
            held.Add(Clone(layer, userNamespace));
            SetFile(context, "lowerdir+", held[^1]);
        }

        var upper = Of("upperdir=");
        held.Add(Clone(System.IO.Path.GetDirectoryName(upper)!, userNamespace));
        var writable = held[^1];
        foreach (var (key, path) in (ReadOnlySpan<(string, string)>)[("upperdir", upper), ("workdir", Of("workdir="))])
        {
            held.Add(FileCalls.OpenAt(writable, Encoding.UTF8.GetBytes(System.IO.Path.GetFileName(path)), FileCalls.O_RDONLY | FileCalls.O_DIRECTORY));
            SetFile(context, key, held[^1]);
        }

        foreach (var option in plan.Options.Where(o => !o.Contains("dir=/", StringComparison.Ordinal))) SetOption(context, option);
    }

    private static int Clone(string source, int userNamespace)
    {
        fixed (byte* path = Zero(source))
        {
            var tree = Check(open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC), $"clone the mount of {source}");
            if (userNamespace >= 0) Map(tree, userNamespace);
            return tree;
        }
    }

    private static void Map(int mount, int userNamespace)
    {
        const ulong MOUNT_ATTR_IDMAP = 0x100000;
        var attributes = new mount_attr { attr_set = MOUNT_ATTR_IDMAP, userns_fd = (ulong)userNamespace };
        fixed (byte* empty = Zero("")) Check(mount_setattr(mount, empty, MountCalls.AT_EMPTY_PATH, &attributes, (nuint)sizeof(mount_attr)), "map the ids of a mount");
    }

    private static void Set(int context, string key, string? value)
    {
        fixed (byte* name = Zero(key), text = value is null ? null : Zero(value))
            Check(fsconfig(context, value is null ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING, name, text, 0), $"set {key}={value}");
    }

    private static void SetFile(int context, string key, int file)
    {
        const uint FSCONFIG_SET_FD = 5;
        fixed (byte* name = Zero(key)) Check(fsconfig(context, FSCONFIG_SET_FD, name, null, file), $"set {key} to an open directory");
    }

    private static int Check(int result, string action) => result >= 0 ? result : throw new ErrnoException(action, errno);

    private static byte[] Zero(string text) => [.. Encoding.UTF8.GetBytes(text), 0];
}
