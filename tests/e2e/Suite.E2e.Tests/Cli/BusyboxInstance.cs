using Suite.Testing.Files;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Cli;

/// <summary>Four services with an image `busybox` that was built with the CLI, for the tests of one class.</summary>
public sealed class BusyboxInstance : IAsyncLifetime
{
    private SuiteInstance? _suite;

    public SuiteInstance Suite => _suite!;

    internal CliProcess Cli => new(Suite.Run);

    public async ValueTask InitializeAsync()
    {
        _suite = await SuiteInstance.StartAsync();
        await BuildAsync(Cli, "busybox");
    }

    public async ValueTask DisposeAsync()
    {
        if (_suite is not null)
            await _suite.DisposeAsync();
    }

    internal static async Task BuildAsync(CliProcess cli, params string[] tags)
    {
        using var context = new TempFolder("e2ecli");
        BusyboxRootfs.Make(context.Folder("rootfs"));
        context.File("rootfs/www/index.html", "hello from a container\n");
        context.File("rootfs/etc/notes", "not a program\n");
        context.File("Dockerfile", "FROM scratch\nCOPY rootfs /\nENV PATH=/bin\nCMD [\"sh\"]\n");
        _ = (await cli.RunAsync(["build", .. tags.SelectMany(t => (string[])["-t", t]), context.FullName])).Good;
    }
}
