using System.Diagnostics;
using Suite.Testing.Files;

namespace Suite.Root.Tests.Exec;

/// <summary>A folder of the host that is a mount, shared with whoever is given a copy of it; taken off with all that is on it.</summary>
internal sealed class HostMount : IDisposable
{
    private readonly TempFolder _folder;

    public HostMount(string instance)
    {
        _folder = new TempFolder(instance);
        Mount("--bind", FullName, FullName);
        Mount("--make-shared", FullName);
    }

    public string FullName => _folder.FullName;

    /// <summary>How many file systems are mounted at a place in it, as this process sees it.</summary>
    public int CountAt(string name) => File.ReadLines("/proc/self/mountinfo").Count(line => line.Split(' ')[4] == _folder.Path(name));

    /// <summary>Takes off what is mounted in it.</summary>
    public void Clear()
    {
        foreach (var name in Directory.GetDirectories(FullName).Where(folder => CountAt(Path.GetFileName(folder)) > 0))
            Run("/bin/umount", name);
    }

    public static void Mount(params string[] arguments) => Run("/bin/mount", arguments);

    public static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {error}");
    }

    public void Dispose()
    {
        Run("/bin/umount", "-R", FullName);
        _folder.Dispose();
    }
}
