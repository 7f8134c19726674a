using Suite.Runtime.Exec.Shims;
using Suite.Testing.Requirements;

namespace Suite.Root.Tests.Exec;

public sealed class SpareTests
{
    [RootFact]
    public async Task A_spare_shim_is_replaced_when_the_pod_that_took_it_has_had_its_time()
    {
        var options = new ShimLauncherOptions { ExecutablePath = ExecFixture.ShimPath, Spares = 1, RefillDelay = TimeSpan.FromMilliseconds(400) };
        await using var launcher = new ShimLauncher(options);
        launcher.Warm();
        await UntilAsync(() => Children() == 1);
        // It runs, and then it says so; until then nobody can take it.
        await Task.Delay(300, ExecFixture.Token);

        await using var taken = await launcher.LaunchAsync(ExecFixture.Token);
        await Task.Delay(200, ExecFixture.Token);
        Assert.Equal(1, Children());
        await UntilAsync(() => Children() == 2);
    }

    [RootFact]
    public async Task Pods_without_end_do_not_put_off_the_spares_for_ever()
    {
        var options = new ShimLauncherOptions { ExecutablePath = ExecFixture.ShimPath, Spares = 1, RefillDelay = TimeSpan.FromMilliseconds(300) };
        await using var launcher = new ShimLauncher(options);
        for (var i = 0; i < 10 && Children() == 0; i++)
        {
            await using var taken = await launcher.LaunchAsync(ExecFixture.Token);
            await taken.DisposeAsync();
            await UntilAsync(() => taken.Closed.IsCompleted);
            await Task.Delay(50, ExecFixture.Token);
        }

        Assert.Equal(1, Children());
    }

    private static int Children() => Directory.EnumerateDirectories("/proc/self/task")
        .Sum(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Count(IsShim));

    private static bool IsShim(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Contains("(suite-shim) S", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 500 && !condition(); i++)
            await Task.Delay(10, ExecFixture.Token);
        Assert.True(condition());
    }
}
