using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Suite.Graph.V1;
using Suite.Hosting.Databases;
using Suite.Image.Graph.Tar;
using Suite.Image.Records;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Images;

public sealed class BuildTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact]
    public async Task Files_of_the_context_become_layers_and_instructions_the_configuration()
    {
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        var context = FakeRegistry.Layer(
            Entry("Dockerfile", """
                FROM scratch
                ARG WHERE=/srv
                COPY bin/*.sh /bin/
                COPY data ${WHERE}/data
                WORKDIR /home/user
                ENV A=1
                CMD ["/bin/a.sh"]
                """),
            Entry("bin/a.sh", "a", 0x1ED), Entry("bin/b.sh", "b", 0x1ED), Entry("bin/no.txt", "no"), (new TarEntry { Type = TarEntryType.Directory, Name = "data/deep"u8.ToArray(), Mode = 0x1ED, ModifiedSeconds = 5 }, []), Entry("data/deep/x", "x"));

        var image = await BuildAsync(rig, context, "127.0.0.1:1/built:1");

        Assert.Equal(["127.0.0.1:1/built:1"], image.Tags);
        Assert.Equal(3, image.DiffIds.Count);
        Assert.Equal(["/bin/a.sh"], image.Config.Cmd);
        Assert.Equal("/home/user", image.Config.WorkingDir);
        Assert.Contains("A=1", image.Config.Env);

        // The same files give the same layers, whoever builds them when.
        Assert.Equal(image.DiffIds, (await BuildAsync(rig, context, "127.0.0.1:1/built:2")).DiffIds);

        var prepared = await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "c1", Image = "127.0.0.1:1/built:1" }, cancellationToken: Token);
        using (var mounted = Mounted.Of(prepared.Mounts.Single()))
        {
            Assert.Equal(["/bin/a.sh", "/bin/b.sh", "/home/user", "/srv/data/deep/x"], mounted.Leaves());
            Assert.Equal((UnixFileMode)0x1ED, File.GetUnixFileMode(mounted.Path + "/bin/a.sh"));
        }

        await rig.Graph.RemoveRootfsAsync(new RemoveRootfsRequest { Key = "c1" }, cancellationToken: Token);
    }

    [RootFact]
    public async Task A_build_on_an_image_puts_files_where_its_links_lead_and_keeps_its_directories()
    {
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        await BuildAsync(rig, FakeRegistry.Layer(
            Entry("Dockerfile", "FROM scratch\nCOPY root/ /\nCMD [\"x\"]\nLABEL a=b"), Entry("root/usr/bin/x", "x"),
            (new TarEntry { Type = TarEntryType.SymbolicLink, Name = "root/bin"u8.ToArray(), LinkName = "usr/bin"u8.ToArray(), Mode = 0x1FF }, []),
            (new TarEntry { Type = TarEntryType.Directory, Name = "root/tmp"u8.ToArray(), Mode = 0x3FF }, [])), "base");
        var image = await BuildAsync(rig, FakeRegistry.Layer(
            Entry("Dockerfile", "FROM base\nCOPY y /bin\nCOPY y /tmp/y\nENTRYPOINT [\"e\"]"), Entry("y", "y")), "derived");

        Assert.Equal(3, image.DiffIds.Count);
        Assert.Equal("b", image.Config.Labels["a"]);
        Assert.Empty(image.Config.Cmd);
        var prepared = await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "c1", Image = "derived" }, cancellationToken: Token);
        using var mounted = Mounted.Of(prepared.Mounts.Single());
        Assert.Equal("y", await File.ReadAllTextAsync(mounted.Path + "/usr/bin/y", Token));
        Assert.Equal("usr/bin", new FileInfo(mounted.Path + "/bin").LinkTarget);
        Assert.Equal((UnixFileMode)0x3FF, File.GetUnixFileMode(mounted.Path + "/tmp"));
    }

    [RootTheory]
    [InlineData("FROM scratch\nRUN make", StatusCode.Unavailable, "line 2: ")]
    [InlineData("FROM scratch\nCOPY --from=x a b", StatusCode.Unavailable, "line 2: ")]
    [InlineData("FROM scratch AS a\nFROM scratch\nCOPY --from=a none /", StatusCode.InvalidArgument, "line 3: COPY finds no 'none' in 'a'")]
    [InlineData("FROM scratch\nADD a.git /x\nADD git@host:repo /", StatusCode.InvalidArgument, "line 2: ADD finds no 'a.git'")]
    [InlineData("FROM scratch\nADD escape.tar /", StatusCode.InvalidArgument, "line 2: The archive 'escape.tar' cannot be unpacked")]
    [InlineData("FROM scratch\nADD http://127.0.0.1:1/x /", StatusCode.Unavailable, "line 2: ADD cannot fetch http://127.0.0.1:1/x")]
    [InlineData("FROM scratch\nCOPY --chown=nobody a /", StatusCode.InvalidArgument, "line 2: COPY names the user 'nobody'")]
    [InlineData("FROM scratch\n\nCOPY none /", StatusCode.InvalidArgument, "line 3: COPY finds no 'none'")]
    [InlineData("FROM scratch\nCOPY ../x /", StatusCode.InvalidArgument, "outside of the context")]
    [InlineData("FROM scratch\nNONSENSE x", StatusCode.InvalidArgument, "no instruction 'NONSENSE'")]
    [InlineData("COPY a b", StatusCode.InvalidArgument, "before FROM")]
    [InlineData("FROM scratch\nCOPY .wh.b /b/", StatusCode.InvalidArgument, ".wh.b")]
    [InlineData("FROM 127.0.0.1:1/none", StatusCode.Unavailable, "127.0.0.1:1")]
    public async Task What_cannot_be_built_is_refused_by_line_and_leaves_nothing(string dockerfile, StatusCode status, string says)
    {
        await using var rig = await ImageRig.StartAsync(InstanceName.Of(dockerfile));
        var error = await Assert.ThrowsAsync<RpcException>(() => BuildAsync(rig, FakeRegistry.Layer(Entry("Dockerfile", dockerfile), Entry("a", "a"), Entry(".wh.b", "b"), (new TarEntry { Name = "escape.tar"u8.ToArray(), Mode = 0x1A4 }, FakeRegistry.Layer(Entry("../../x", "x")))), "x"));
        Assert.Equal(status, error.StatusCode);
        Assert.Contains(says, error.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(rig.Kept());
    }

    [RootFact]
    public async Task Of_a_listed_context_only_those_files_come_that_a_step_needs_and_that_are_not_kept()
    {
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        var files = new Dictionary<string, string> { ["a"] = "a", ["b"] = "b", ["unused"] = "u" };
        Assert.Equal(["a", "b"], await ListedAsync(rig, "FROM scratch\nCOPY a b /", files));
        // In the cache: nothing is asked for, not even for another name of the image.
        Assert.Empty(await ListedAsync(rig, "FROM scratch\nCOPY a b /", files));
        // Kept from the build before: only what changed.
        files["b"] = "changed";
        Assert.Equal(["changed"], await ListedAsync(rig, "FROM scratch\nCOPY a b /", files));

        await rig.Images.PruneBuildsAsync(new PruneBuildsRequest(), cancellationToken: Token);
        Assert.Equal(["a", "changed"], await ListedAsync(rig, "FROM scratch\nCOPY a b /", files));
    }

    [RootFact]
    public async Task A_file_that_is_not_what_the_list_says_ends_the_build()
    {
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        var error = await Assert.ThrowsAsync<RpcException>(() => ListedAsync(rig, "FROM scratch\nCOPY a /", new Dictionary<string, string> { ["a"] = "a" }, sent: "other"));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains("changed while it was built from", error.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(rig.Kept());
    }

    [RootFact]
    public async Task A_kept_file_that_was_damaged_is_in_no_image_and_comes_anew()
    {
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        var files = new Dictionary<string, string> { ["a"] = "right" };
        Assert.Equal(["right"], await ListedAsync(rig, "FROM scratch\nCOPY a /1", files));
        await File.WriteAllTextAsync(Directory.GetFiles(Path.Combine(rig.State, "builds", "files")).Single(), "wrong", Token);
        var error = await Assert.ThrowsAsync<RpcException>(() => ListedAsync(rig, "FROM scratch\nCOPY a /2", files));
        Assert.Equal(StatusCode.DataLoss, error.StatusCode);
        Assert.Equal(["right"], await ListedAsync(rig, "FROM scratch\nCOPY a /2", files));
    }

    [RootFact]
    public async Task A_pruned_cache_frees_what_no_image_has()
    {
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        await BuildAsync(rig, FakeRegistry.Layer(Entry("Dockerfile", "FROM scratch\nCOPY a /"), Entry("a", "a")), "kept:1");
        await BuildAsync(rig, FakeRegistry.Layer(Entry("Dockerfile", "FROM scratch\nCOPY b /"), Entry("b", "b")), "gone:1");
        await rig.Images.RemoveAsync(new RemoveRequest { Image = "gone:1" }, cancellationToken: Token);
        Assert.Equal(4, rig.Kept().Count);

        var planned = await rig.Images.PruneBuildsAsync(new PruneBuildsRequest { DryRun = true }, cancellationToken: Token);
        var pruned = await rig.Images.PruneBuildsAsync(new PruneBuildsRequest(), cancellationToken: Token);
        Assert.Equal(planned, pruned);
        Assert.Contains(pruned.Removed, r => r is { What: "COPY b /", Bytes: > 0 });
        Assert.Contains(pruned.Removed, r => r is { What: "COPY a /", Bytes: 0 });
        Assert.Equal(2, rig.Kept().Count);
        Assert.Empty((await rig.Images.PruneBuildsAsync(new PruneBuildsRequest(), cancellationToken: Token)).Removed);
    }

    [RootFact]
    public async Task Steps_that_were_not_written_to_the_disk_outlive_a_kill_and_not_a_power_cut()
    {
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        var files = new Dictionary<string, string> { ["a"] = "a" };
        await ListedAsync(rig, "FROM scratch\nCOPY a /", files, output: BuildOutputKind.None);
        Assert.Equal(2, rig.Kept().Count);
        await rig.RestartAsync();
        Assert.Equal(2, rig.Kept().Count);

        await rig.RestartAsync(() =>
        {
            using var database = Database.Open(Path.Combine(rig.State, "image.db"), Durability.Process, Schema.Version1, Schema.Version2, Schema.Version3);
            return database.WriteAsync(s => { s.Execute("UPDATE build_boot SET id = 'another'"); }, Token).AsTask();
        });
        Assert.Empty(rig.Kept());
    }

    [RootFact]
    public async Task A_file_behind_a_URL_is_fetched_and_has_to_be_what_its_checksum_says()
    {
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        using var server = new System.Net.HttpListener();
        var address = $"http://127.0.0.1:{LoopbackPort.Free()}/";
        server.Prefixes.Add(address);
        server.Start();
        var serving = Task.Run(async () =>
        {
            while (server.IsListening)
            {
                var call = await server.GetContextAsync();
                call.Response.StatusCode = call.Request.RawUrl == "/dir/file.txt" ? 200 : 404;
                call.Response.Headers["Last-Modified"] = "Thu, 01 Jan 1970 00:16:40 GMT";
                call.Response.Close("content"u8.ToArray(), willBlock: false);
            }
        }, Token);
        var right = Suite.Oci.References.Digest.Compute("content"u8);
        var image = await BuildAsync(rig, FakeRegistry.Layer(Entry("Dockerfile", $"FROM scratch\nADD --checksum={right} {address}dir/file.txt /in/\nADD {address}dir/file.txt /as")), "x");
        Assert.Equal(2, image.DiffIds.Count);
        var prepared = await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "c1", Image = "x" }, cancellationToken: Token);
        using (var mounted = Mounted.Of(prepared.Mounts.Single()))
        {
            Assert.Equal(["/as", "/in/file.txt"], mounted.Leaves());
            Assert.Equal("content", await File.ReadAllTextAsync(mounted.Path + "/in/file.txt", Token));
            Assert.Equal((UnixFileMode)0x180, File.GetUnixFileMode(mounted.Path + "/as"));
            Assert.Equal(1000, new DateTimeOffset(File.GetLastWriteTimeUtc(mounted.Path + "/as")).ToUnixTimeSeconds());
        }

        var wrong = await Assert.ThrowsAsync<RpcException>(() => BuildAsync(rig, FakeRegistry.Layer(Entry("Dockerfile", $"FROM scratch\nADD --checksum=sha256:{new string('0', 64)} {address}dir/file.txt /")), "x"));
        Assert.Contains($"its content is {right} and not", wrong.Status.Detail, StringComparison.Ordinal);
        var missing = await Assert.ThrowsAsync<RpcException>(() => BuildAsync(rig, FakeRegistry.Layer(Entry("Dockerfile", $"FROM scratch\nADD {address}none /")), "x"));
        Assert.Equal(StatusCode.NotFound, missing.StatusCode);
        server.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => serving);
    }

    /// <summary>Builds from a list, and answers the contents that were asked for.</summary>
    private static async Task<IReadOnlyList<string>> ListedAsync(ImageRig rig, string dockerfile, Dictionary<string, string> files, string? sent = null, BuildOutputKind output = BuildOutputKind.Image)
    {
        var contents = files.Values.ToDictionary(v => ByteString.CopyFrom(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(v))));
        var asked = new List<string>();
        using var call = rig.Images.Build(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new BuildRequest { Options = new BuildOptions { DockerfileContent = ByteString.CopyFromUtf8(dockerfile), Output = output } }, Token);
        var list = new BuildEntries { Last = true };
        list.Entries.AddRange(files.Select(f => new BuildEntry
        {
            Path = f.Key, Mode = 0x81A4, Size = (ulong)f.Value.Length, Digest = contents.Single(c => c.Value == f.Value).Key,
        }));
        await call.RequestStream.WriteAsync(new BuildRequest { Entries = list }, Token);
        await foreach (var e in call.ResponseStream.ReadAllAsync(Token))
        {
            foreach (var digest in e.Wanted?.Digests ?? [])
            {
                asked.Add(contents[digest]);
                await call.RequestStream.WriteAsync(new BuildRequest { File = new BuildFile { Digest = digest, Data = ByteString.CopyFromUtf8(sent ?? contents[digest]), Last = true } }, Token);
            }
        }

        asked.Sort(StringComparer.Ordinal);
        return asked;
    }

    private static (TarEntry, byte[]) Entry(string name, string content, uint mode = 0x1A4) =>
        (new TarEntry { Name = Encoding.UTF8.GetBytes(name), Mode = mode, ModifiedSeconds = 1_700_000_000 }, Encoding.UTF8.GetBytes(content));

    private static async Task<ImageInfo> BuildAsync(ImageRig rig, byte[] context, string tag)
    {
        using var call = rig.Images.Build(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new BuildRequest { Options = new BuildOptions { Tags = { tag } } }, Token);
        foreach (var piece in context.Chunk(1000)) await call.RequestStream.WriteAsync(new BuildRequest { Context = ByteString.CopyFrom(piece) }, Token);
        await call.RequestStream.CompleteAsync();
        ImageInfo? image = null;
        await foreach (var e in call.ResponseStream.ReadAllAsync(Token)) image = e.Result?.Image ?? image;
        return image!;
    }
}
