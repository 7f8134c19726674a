using System.Diagnostics;
using System.Security.Cryptography;
using Suite.Testing.Files;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Cli;

public sealed class FullDiskTests
{
    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public async Task A_build_that_does_not_fit_says_so_and_gives_the_space_back()
    {
        await using var suite = await SuiteInstance.StartAsync(InstanceName.OfCaller(), []);
        var state = Directory.CreateDirectory(Path.Combine(suite.Root, "image")).FullName;
        await CommandAsync("mount", "-t", "tmpfs", "-o", "size=12m", "suite-e2e", state);
        try
        {
            await suite.StartServiceAsync("image");
            var cli = new CliProcess(suite.Run);
            using var context = new TempFolder("e2ecli");
            context.File("Dockerfile", "FROM scratch\nCOPY big /\n");
            // Not zeros, which would become a hole.
            await File.WriteAllBytesAsync(context.Path("big"), RandomNumberGenerator.GetBytes(32 << 20), TestContext.Current.CancellationToken);
            var before = new DriveInfo(state).AvailableFreeSpace;

            var result = await cli.RunAsync("build", "-t", "big", context.FullName);

            Assert.True(result.ExitCode == 1, $"exit code {result.ExitCode}: {result.Error}");
            Assert.Contains("ENOSPC", result.Error);
            Assert.Equal("", (await cli.RunAsync("images", "-q")).Good);
            Assert.InRange(new DriveInfo(state).AvailableFreeSpace, before - (2 << 20), long.MaxValue);
            await suite.Service("image").StopAsync();
        }
        finally
        {
            await CommandAsync("umount", "-l", state);
        }
    }

    private static async Task CommandAsync(string command, params string[] args)
    {
        using var process = Process.Start(command, args);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.Equal(0, process.ExitCode);
    }
}
