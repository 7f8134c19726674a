using System.Diagnostics;

namespace Suite.Root.Tests.Exec;

/// <summary>A process with a mount namespace.</summary>
internal sealed class MountHolder : IDisposable
{
    private readonly Process _process;

    public MountHolder()
    {
        _process = Process.Start(new ProcessStartInfo("/usr/bin/unshare", ["--mount", "--propagation", "shared", "sleep", "600"]))!;
        var own = new FileInfo("/proc/self/ns/mnt").LinkTarget;
        Assert.True(SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{Pid}/cmdline").StartsWith("sleep", StringComparison.Ordinal) && Namespace != own, TimeSpan.FromSeconds(20)));
    }

    public int Pid => _process.Id;

    public string Namespace => new FileInfo($"/proc/{Pid}/ns/mnt").LinkTarget!;

    public string[] Mounts => File.ReadAllLines($"/proc/{Pid}/mountinfo");

    public async Task AwaitAsync(string[] mounts)
    {
        for (var i = 0; i < 1000 && Mounts.Length != mounts.Length; i++)
            await Task.Delay(10, ExecFixture.Token);
        Assert.Equal(Points(mounts), Points(Mounts));
    }

    // Without what propagation it has: the mount that the root is on is made private.
    private static IEnumerable<string> Points(string[] mounts) => mounts.Select(line => line.Split(' ')[4]);

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
