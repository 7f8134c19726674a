using Suite.E2e.Tests.Cli;
using Suite.Testing.Files;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Builds;

/// <summary>Each Dockerfile of the folder, built by us and by Debian's buildah: the same files, the same configuration.</summary>
public sealed class DockerfileTests(DockerfileTests.Engines engines) : IClassFixture<DockerfileTests.Engines>
{
    private const string FlagLine = "# test:";

    private static string Folder => Path.Combine(TestPaths.RepositoryRoot, "tests/e2e/Suite.E2e.Tests/Builds/Dockerfiles");

    public static TheoryData<string> Shared => [.. Names().Where(n => !n.StartsWith("only-", StringComparison.Ordinal))];

    /// <summary>What buildah of Debian 12 does not know.</summary>
    public static TheoryData<string> Ours => [.. Names().Where(n => n.StartsWith("only-", StringComparison.Ordinal))];

    [RootTheory]
    [MemberData(nameof(Shared))]
    public async Task An_image_is_what_buildah_makes_of_it(string name)
    {
        var (dockerfile, flags) = Case(name);
        var ours = await engines.BuildAsync(dockerfile, flags);
        var theirs = await engines.Buildah.BuildAsync(dockerfile, engines.Context, flags);
        Assert.Equal(theirs.Files, ours.Files);
        Assert.Equal(theirs.Settings(), ours.Settings());
    }

    [RootTheory]
    [MemberData(nameof(Ours))]
    public async Task What_buildah_does_not_know_gives_the_files_that_are_written_down(string name)
    {
        var (dockerfile, flags) = Case(name);
        var ours = await engines.BuildAsync(dockerfile, flags);
        string[] more = [.. ours.Files.Except(engines.Base.Files), .. ours.Settings().Except(engines.Base.Settings())];
        var golden = Path.ChangeExtension(dockerfile, ".txt");
        if (Environment.GetEnvironmentVariable("SUITE_UPDATE_GOLDEN") == "1") await File.WriteAllLinesAsync(golden, more, TestContext.Current.CancellationToken);
        Assert.Equal(await File.ReadAllLinesAsync(golden, TestContext.Current.CancellationToken), more);
    }

    private static IEnumerable<string> Names() => Directory.EnumerateFiles(Folder, "*.Dockerfile").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);

    private (string Dockerfile, string[] Flags) Case(string name)
    {
        var dockerfile = Path.Combine(Folder, name + ".Dockerfile");
        var line = File.ReadLines(dockerfile).FirstOrDefault(l => l.StartsWith(FlagLine, StringComparison.Ordinal));
        return (dockerfile, line is null ? [] : [.. line[FlagLine.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(f => f.Replace("SECRET", engines.Secret, StringComparison.Ordinal))]);
    }

    /// <summary>Both engines with the same base images.</summary>
    public sealed class Engines : IAsyncLifetime
    {
        private readonly TempFolder _folder = new("e2ebuilds");
        private SuiteInstance? _suite;

        internal BuildahEngine Buildah { get; private set; } = null!;

        internal BuiltTree Base { get; private set; } = null!;

        internal string Context { get; private set; } = "";

        internal string Secret => _folder.Path("secret");

        private CliProcess Cli => new(_suite!.Run);

        public async ValueTask InitializeAsync()
        {
            _suite = await SuiteInstance.StartAsync();
            Buildah = new BuildahEngine(_folder);
            Context = BuildContextFolder.Make(_folder);
            _folder.File("secret", "not to be told\n");
            await BaseAsync("busybox", "FROM scratch\nCOPY rootfs /\nENV PATH=/bin\nCMD [\"sh\"]\n");
            await BaseAsync("triggers", "FROM busybox\nONBUILD ARG X=fired\nONBUILD RUN echo $X > /fired\nONBUILD COPY a.txt /copied\n");
        }

        internal async Task<BuiltTree> BuildAsync(string dockerfile, string[] flags)
        {
            _ = (await Cli.RunAsync(["build", "-t", "case", "-f", dockerfile, .. flags, Context])).Good;
            return await SaveAsync("case");
        }

        public async ValueTask DisposeAsync()
        {
            if (Buildah is not null) await Buildah.RunAsync("rm", "--all");
            if (_suite is not null) await _suite.DisposeAsync();
            _folder.Dispose();
        }

        private async Task BaseAsync(string name, string dockerfile)
        {
            using var folder = new TempFolder("e2ebase");
            BusyboxRootfs.Make(folder.Folder("rootfs"));
            folder.File("rootfs/etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n");
            folder.File("rootfs/etc/group", "root:x:0:\nappg:x:1001:\n");
            Directory.CreateDirectory(folder.Path("rootfs", "tmp"), (UnixFileMode)0x3FF);
            folder.File("Dockerfile", dockerfile);
            _ = (await Cli.RunAsync(["build", "-t", name, folder.FullName])).Good;
            var tree = await SaveAsync(name);
            if (name == "busybox") Base = tree;
            var archive = _folder.Path(name + ".tar");
            _ = (await Cli.RunAsync(["save", "-o", archive, name])).Good;
            await Buildah.TakeAsync(archive);
        }

        private async Task<BuiltTree> SaveAsync(string name)
        {
            var archive = _folder.Path($"{Guid.NewGuid():N}.tar");
            _ = (await Cli.RunAsync(["save", "-o", archive, name])).Good;
            var tree = BuiltTree.Read(archive);
            File.Delete(archive);
            return tree;
        }
    }
}
