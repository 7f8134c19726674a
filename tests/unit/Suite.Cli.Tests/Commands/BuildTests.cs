using System.Formats.Tar;
using Suite.Cli.Tests.Fakes;

namespace Suite.Cli.Tests.Commands;

public sealed class BuildTests
{
    [Fact]
    public async Task The_context_arrives_as_a_tar_without_what_is_ignored()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Folder.File("context/Dockerfile", "FROM scratch\n");
        machine.Folder.File("context/.dockerignore", "# no notes\n*.md\n!README.md\n**/obj\nDockerfile\n");
        machine.Folder.File("context/README.md", "read");
        machine.Folder.File("context/notes.md", "no");
        machine.Folder.File("context/src/obj/x", "no");
        var big = new string('x', 200_000);
        machine.Folder.File("context/src/a.c", big);
        File.CreateSymbolicLink(machine.Folder.Path("context", "link"), "src/a.c");

        var result = await machine.RunAsync("build", "-t", "app:1", "--build-arg", "V=2", machine.Folder.Path("context"));

        Assert.Equal(new CliResult(0, "sha256:2222\n", "Step 1/1: FROM scratch\n"), result);
        Assert.Equal(("Dockerfile", "2", "app:1"), (machine.Images.Built!.Dockerfile, machine.Images.Built.BuildArgs["V"], machine.Images.Built.Tags[0]));
        var entries = Read(machine.Images.Context);
        Assert.Equal([".dockerignore", "Dockerfile", "README.md", "link", "src", "src/a.c"], entries.Keys);
        Assert.Equal((TarEntryType.RegularFile, 0, 200_000L), (entries["src/a.c"].EntryType, entries["src/a.c"].Uid, entries["src/a.c"].Length));
        Assert.Equal((TarEntryType.SymbolicLink, "src/a.c"), (entries["link"].EntryType, entries["link"].LinkName));
    }

    [Fact]
    public async Task A_Dockerfile_outside_of_the_context_comes_along()
    {
        await using var machine = await FakeMachine.StartAsync();
        var dockerfile = machine.Folder.File("other/My.Dockerfile", "FROM scratch\n");

        await machine.RunAsync("build", "-f", dockerfile, machine.Folder.Folder("context"));

        Assert.Equal([".suite-dockerfile"], Read(machine.Images.Context).Keys);
        Assert.Equal(".suite-dockerfile", machine.Images.Built!.Dockerfile);
    }

    [Fact]
    public async Task A_pipe_in_the_context_neither_travels_nor_blocks()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Folder.File("context/Dockerfile", "FROM scratch\n");
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", machine.Folder.Path("context", "pipe")))
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, (await machine.RunAsync("build", machine.Folder.Path("context"))).ExitCode);
        Assert.Equal(["Dockerfile"], Read(machine.Images.Context).Keys);
    }

    [Fact]
    public async Task A_folder_without_Dockerfile_is_named()
    {
        await using var machine = await FakeMachine.StartAsync();
        var folder = machine.Folder.Folder("context");

        Assert.Equal(
            new CliResult(1, "", $"suite: cannot build from {folder}: there is no file {folder}/Dockerfile; say with -f where the Dockerfile is\n"),
            await machine.RunAsync("build", folder));
    }

    private static SortedDictionary<string, TarEntry> Read(MemoryStream context)
    {
        context.Position = 0;
        using var tar = new TarReader(context);
        var entries = new SortedDictionary<string, TarEntry>(StringComparer.Ordinal);
        while (tar.GetNextEntry(copyData: true) is { } entry)
            entries.Add(entry.Name.TrimEnd('/'), entry);
        return entries;
    }
}
