using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Suite.Testing.Files;
using Suite.Testing.Requirements;

namespace Suite.E2e.Tests.Cli;

/// <summary>What an image says about the health of its containers, in Docker's words, and what run makes of it.</summary>
public sealed class ImageHealthTests(BusyboxInstance instance) : IClassFixture<BusyboxInstance>
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private readonly CliProcess _cli = instance.Cli;

    [RootFact(Needs = Needs)]
    public async Task The_images_check_is_run_and_its_words_can_be_overruled()
    {
        await LoadAsync();
        _ = (await _cli.RunAsync("run", "-d", "--name", "checked", "--health-interval", "100ms", "checked", "sleep", "1000")).Good;
        _ = (await _cli.RunAsync("run", "-d", "--name", "unchecked", "--no-healthcheck", "checked", "sleep", "1000")).Good;

        await UntilAsync("healthy");
        Assert.Equal("checked", (await _cli.RunAsync("ps", "--filter", "health=healthy", "--format", "{{.Names}}")).Good);
        Assert.EndsWith("(healthy)", (await _cli.RunAsync("ps", "--filter", "health=healthy", "--format", "{{.Status}}")).Good);
        Assert.Equal("100000000 2", (await _cli.RunAsync("inspect", "-f", "{{.Config.Healthcheck.Interval}} {{.Config.Healthcheck.Retries}}", "checked")).Good);
        Assert.Equal("<no value>", (await _cli.RunAsync("inspect", "-f", "{{.State.Health}}", "unchecked")).Good);

        // As Docker shows it, of the image and of the container.
        foreach (var name in new[] { "image", "container" })
            Assert.Equal("[\"CMD-SHELL\",\"echo looked; test ! -e /sick\"]", (await _cli.RunAsync("inspect", "--type", name, "-f", "{{json .Config.Healthcheck.Test}}", "checked")).Good);

        _ = (await _cli.RunAsync("exec", "checked", "touch", "/sick")).Good;
        await UntilAsync("unhealthy");
        Assert.Contains("looked 1;", (await _cli.RunAsync("inspect", "-f", "{{range .State.Health.Log}}{{.Output}} {{.ExitCode}};{{end}}", "checked")).Good.Replace("\n", "", StringComparison.Ordinal));
        Assert.Contains("health_status: unhealthy", (await _cli.RunAsync("events", "--since", "5m", "--until", "0s", "-f", "container=checked")).Good);

        _ = (await _cli.RunAsync("rm", "-f", "checked", "unchecked")).Good;
        _ = (await _cli.RunAsync("rmi", "checked")).Good;
    }

    [RootFact(Needs = Needs)]
    public async Task Times_without_a_check_are_refused_and_leave_nothing()
    {
        var result = await _cli.RunAsync("run", "-d", "--name", "timed", "--health-interval", "1s", "busybox", "true");

        Assert.Equal(125, result.ExitCode);
        Assert.Contains("the image has no health check either", result.Error);
        Assert.Equal("", (await _cli.RunAsync("ps", "-aq", "--filter", "name=timed")).Good);
    }

    private async Task UntilAsync(string word)
    {
        for (var i = 0; ; i++)
        {
            var now = (await _cli.RunAsync("inspect", "-f", "{{.State.Health.Status}}", "checked")).Good;
            if (now == word)
                return;
            Assert.True(i < 200, $"it is {now} and not {word}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>As `docker save` would have written it, of an image with a HEALTHCHECK.</summary>
    private async Task LoadAsync()
    {
        using var folder = new TempFolder("health");
        var rootfs = BusyboxRootfs.Make(folder.Folder("rootfs"));
        var layer = folder.Path("layer.tar");
        await TarFile.CreateFromDirectoryAsync(rootfs, layer, includeBaseDirectory: false, TestContext.Current.CancellationToken);
        var digest = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(layer, TestContext.Current.CancellationToken)));
        var config = $$$"""
            {"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"],"Cmd":["sh"],
             "Healthcheck":{"Test":["CMD-SHELL","echo looked; test ! -e /sick"],"Interval":3600000000000,"Retries":2}},
             "rootfs":{"type":"layers","diff_ids":["sha256:{{{digest}}}"]}}
            """;
        var archive = folder.Path("image.tar");
        await using (var tar = new TarWriter(File.Create(archive)))
        {
            Add(tar, "config.json", Encoding.UTF8.GetBytes(config));
            Add(tar, "manifest.json", """[{"Config":"config.json","RepoTags":["checked:latest"],"Layers":["layer.tar"]}]"""u8.ToArray());
            await tar.WriteEntryAsync(layer, "layer.tar", TestContext.Current.CancellationToken);
        }

        _ = (await _cli.RunAsync("load", "-i", archive)).Good;
    }

    private static void Add(TarWriter tar, string name, byte[] content) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
}
