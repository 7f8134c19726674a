using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using Suite.Graph.V1;
using Suite.Testing.Files;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Images;

/// <summary>ADD of git repositories, served by git's daemon and by a plain web server.</summary>
public sealed class GitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Need.Git)]
    public async Task A_repository_is_added_as_its_commit_has_it()
    {
        using var server = await GitDaemon.StartAsync(Token);
        var first = server.Commit("r", ("a", "1"), ("docs/x", "x"), ("tool", "#!/bin/sh\n"));
        File.SetUnixFileMode(Path.Combine(server.FolderOf("r"), "tool"), (UnixFileMode)0x1C0);
        File.CreateSymbolicLink(Path.Combine(server.FolderOf("r"), "link"), "a");
        var second = server.Commit("r", ("a", "2"));
        server.Git("r", "tag", "-a", "v2", "-m", "tag");
        server.Git("r", "branch", "old", first);
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        var url = server.UrlOf("r");

        Assert.Equal(["/r/a=2 644", "/r/docs/x=x 644", "/r/link->a", "/r/tool=#!/bin/sh\n 755"], await FilesAsync(rig, $"ADD {url} /r"));
        Assert.Equal(["/a=1 644", "/docs/x=x 644", "/tool=#!/bin/sh\n 644"], await FilesAsync(rig, $"ADD {url}#old /"));
        Assert.Equal(["/d/x=x 644"], await FilesAsync(rig, $"ADD {url}#v2:docs d"));
        Assert.Equal(["/a=1 644", "/docs/x=x 644", "/tool=#!/bin/sh\n 644"], await FilesAsync(rig, $"ADD --checksum={first[..7]} {url}#{first} /"));
        Assert.Equal(["/a=2 600"], await FilesAsync(rig, $"ADD --chmod=600 --exclude=docs --exclude=tool --exclude=link {url}?branch=main&checksum={second} /"));
        Assert.Equal(["/x=x 644", "/y/a=2 644", "/y/link->a", "/y/tool=#!/bin/sh\n 755"], await FilesAsync(rig, $"ADD {url}#old:docs /\nADD --exclude=docs {url}#main /y/"));
        // The same commit gives the same layer, whenever it is fetched.
        var options = new BuildOptions { NoCache = true };
        Assert.Equal((await BuildAsync(rig, $"ADD {url} /r", options)).DiffIds, (await BuildAsync(rig, $"ADD {url} /r", options)).DiffIds);
        Assert.DoesNotContain(rig.Kept(), k => k.StartsWith("builds-tmp", StringComparison.Ordinal));
    }

    [RootFact(Needs = Need.Git)]
    public async Task A_commit_is_what_counts_for_the_cache()
    {
        var server = await GitDaemon.StartAsync(Token);
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        var commit = server.Commit("r", ("a", "1"));
        var url = server.UrlOf("r");
        Assert.False((await BuildAsync(rig, $"ADD {url} /")).Cached);
        Assert.True((await BuildAsync(rig, $"ADD {url} /")).Cached);
        server.Git("r", "branch", "other");
        var moved = server.Commit("r", ("a", "2"));
        var again = await BuildAsync(rig, $"ADD {url} /");
        Assert.False(again.Cached);
        Assert.False((await BuildAsync(rig, $"ADD {url}#{commit} /")).Cached);
        Assert.False((await BuildAsync(rig, $"ADD {url}#{moved} /")).Cached);
        server.Dispose();
        // A commit that was added before needs no server.
        Assert.Equal(again.DiffIds, (await BuildAsync(rig, $"ADD {url}#{moved} /")).DiffIds);
        await FailsAsync(rig, $"ADD {url} /", StatusCode.Unavailable, "line 2: ADD cannot fetch");
    }

    [RootFact(Needs = Need.Git)]
    public async Task The_git_directory_stays_when_it_is_asked_for()
    {
        using var server = await GitDaemon.StartAsync(Token);
        var commit = server.Commit("r", ("a", "1"));
        server.Git("r", "tag", "-a", "v1", "-m", "tag");
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        await BuildAsync(rig, $"ADD --keep-git-dir=true {server.UrlOf("r")}#v1 /r");
        await MountedAsync(rig, path =>
        {
            Assert.Equal(commit, Git(path + "/r", "rev-parse", "HEAD"));
            Assert.Equal("v1", Git(path + "/r", "describe"));
            Assert.Equal(server.UrlOf("r"), Git(path + "/r", "remote", "get-url", "origin"));
            Assert.Equal("", Git(path + "/r", "status", "--porcelain"));
        });
        Assert.DoesNotContain(await FilesAsync(rig, $"ADD {server.UrlOf("r")}#v1 /r"), f => f.Contains(".git", StringComparison.Ordinal));
    }

    [RootFact(Needs = Need.Git)]
    public async Task Submodules_come_along_from_where_a_repository_may_be()
    {
        using var server = await GitDaemon.StartAsync(Token);
        var inner = server.Commit("inner", ("i", "i"));
        AddSubmodule(server, "outer", "../../inner/.git", inner); // relative to the remote, which is outer/.git
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        Assert.Equal([$"/.gitmodules={File.ReadAllText(Path.Combine(server.FolderOf("outer"), ".gitmodules"))} 644", "/in/i=i 644", "/o=o 644"], await FilesAsync(rig, $"ADD {server.UrlOf("outer")} /"));
        Assert.DoesNotContain("/in/i=i 644", await FilesAsync(rig, $"ADD {server.UrlOf("outer")}?submodules=0 /"));

        // One that leads to this machine's own files would show them to whoever wrote the repository.
        AddSubmodule(server, "evil", server.FolderOf("inner") + "/.git", inner);
        await FailsAsync(rig, $"ADD {server.UrlOf("evil")} /", StatusCode.PermissionDenied, "transport 'file' not allowed");
    }

    [RootFact(Needs = Need.Git)]
    public async Task A_plain_web_server_is_enough()
    {
        using var server = await GitDaemon.StartAsync(Token);
        var commit = server.Commit("r", ("a", "1"));
        server.Commit("r", ("a", "2"));
        server.Git("r", "update-server-info");
        using var web = new WebFolder(server.FolderOf("r") + "/.git", "/r.git/");
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        Assert.Equal(["/a=2 644"], await FilesAsync(rig, $"ADD {web.Address}r.git /"));
        Assert.Equal(["/a=1 644"], await FilesAsync(rig, $"ADD {web.Address}r.git#{commit} /"));
        // Credentials go to that host, and are nowhere in what is built.
        web.Authorization = "Basic " + Convert.ToBase64String("x-access-token:confidential"u8);
        await FailsAsync(rig, $"ADD --keep-git-dir {web.Address}r.git /", StatusCode.PermissionDenied, "GIT_AUTH_TOKEN");
        await BuildAsync(rig, $"ADD --keep-git-dir {web.Address}r.git /r", new BuildOptions { Secrets = { ["GIT_AUTH_TOKEN"] = new BuildSecret { Value = ByteString.CopyFromUtf8("confidential\n") } } });
        await MountedAsync(rig, path => Assert.DoesNotContain("confidential", File.ReadAllText(path + "/r/.git/config"), StringComparison.Ordinal));
        await BuildAsync(rig, $"ADD {web.Address.Replace("//", "//x-access-token:confidential@", StringComparison.Ordinal)}r.git?keep-git-dir /r");
        await MountedAsync(rig, path => Assert.DoesNotContain("confidential", File.ReadAllText(path + "/r/.git/config"), StringComparison.Ordinal));
    }

    [RootFact(Needs = Need.Git)]
    public async Task What_cannot_be_fetched_is_said_with_its_line_and_leaves_nothing()
    {
        using var server = await GitDaemon.StartAsync(Token);
        var commit = server.Commit("r", ("a", "1"));
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller(), "{ \"builds\": { \"gitTimeout\": 1 } }");
        var url = server.UrlOf("r");
        await FailsAsync(rig, $"ADD {url}#none /", StatusCode.NotFound, "has no branch or tag 'none'");
        await FailsAsync(rig, $"ADD {url}#{new string('0', 40)} /", StatusCode.NotFound, "");
        await FailsAsync(rig, $"ADD {url}#:none /", StatusCode.InvalidArgument, "finds no folder 'none'");
        await FailsAsync(rig, $"ADD {url}#:a /", StatusCode.InvalidArgument, "finds no folder 'a'");
        await FailsAsync(rig, $"ADD --checksum=0000 {url} /", StatusCode.InvalidArgument, $"leads to the commit {commit}, and not to 0000");
        await FailsAsync(rig, $"ADD {server.UrlOf("none")} /", StatusCode.NotFound, "line 2: ADD cannot fetch");
        await FailsAsync(rig, "ADD git://127.0.0.1:1/x /", StatusCode.Unavailable, "Connection refused");
        await FailsAsync(rig, "ADD http://127.0.0.1:1/x.git /", StatusCode.Unavailable, "ADD cannot fetch http://127.0.0.1:1/x.git: git ls-remote says");
        await FailsAsync(rig, $"ADD git://127.0.0.1:{((IPEndPoint)deaf.LocalEndpoint).Port}/x /", StatusCode.DeadlineExceeded, "did not end within 1 seconds");
        await FailsAsync(rig, "ADD https://h/a.git?depth=1 /", StatusCode.InvalidArgument, "'depth' is not known");
        await FailsAsync(rig, $"COPY {url} /", StatusCode.InvalidArgument, "COPY takes no URL");
        await FailsAsync(rig, "ADD --checksum=1234 a /", StatusCode.InvalidArgument, "is for what comes from a URL or a git repository");
        Assert.Empty(rig.Kept());
    }

    [RootFact(Needs = Need.Git)]
    public async Task A_build_that_is_cut_off_leaves_no_git()
    {
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var building = BuildAsync(rig, $"ADD git://127.0.0.1:{((IPEndPoint)deaf.LocalEndpoint).Port}/x /", null, ending.Token);
        using var connected = await deaf.AcceptTcpClientAsync(Token);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => building);
        // Its end of the connection closes with it: all that it wanted to say, and nothing after.
        var buffer = new byte[4096];
        while (await connected.GetStream().ReadAsync(buffer, Token) > 0)
        {
        }

        for (var i = 0; i < 100 && rig.Kept().Count > 0; i++) await Task.Delay(50, Token);
        Assert.Empty(rig.Kept());
    }

    [RootFact(Needs = Need.Git)]
    public async Task Settings_of_whoever_runs_the_service_do_not_count()
    {
        using var server = await GitDaemon.StartAsync(Token);
        server.Commit("right", ("a", "right"));
        server.Commit("wrong", ("a", "wrong"));
        using var home = new TempFolder("githome");
        home.File(".gitconfig", $"[url \"{server.UrlOf("wrong")}\"]\n\tinsteadOf = {server.UrlOf("right")}\n");
        var before = Environment.GetEnvironmentVariable("HOME");
        try
        {
            Environment.SetEnvironmentVariable("HOME", home.FullName);
            await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
            Assert.Equal(["/a=right 644"], await FilesAsync(rig, $"ADD {server.UrlOf("right")} /"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("HOME", before);
        }
    }

    private static void AddSubmodule(GitDaemon server, string repository, string url, string commit)
    {
        server.Commit(repository, ("o", "o"));
        Directory.CreateDirectory(Path.Combine(server.FolderOf(repository), "in"));
        server.Git(repository, "update-index", "--add", "--cacheinfo", $"160000,{commit},in");
        server.Commit(repository, (".gitmodules", $"[submodule \"in\"]\n\tpath = in\n\turl = {url}\n"));
    }

    private static async Task FailsAsync(ImageRig rig, string instruction, StatusCode status, string says)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => BuildAsync(rig, instruction));
        Assert.True(status == error.StatusCode, error.Status.Detail);
        Assert.StartsWith("Dockerfile line 2: ", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains(says, error.Status.Detail, StringComparison.Ordinal);
    }

    /// <summary>Builds, and answers the files of the image.</summary>
    private static async Task<IReadOnlyList<string>> FilesAsync(ImageRig rig, string instructions)
    {
        await BuildAsync(rig, instructions);
        IReadOnlyList<string> files = [];
        await MountedAsync(rig, path => files = [.. Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Select(f => Describe(path, f)).Order(StringComparer.Ordinal)]);
        return files;
    }

    private static string Describe(string root, string file) => new FileInfo(file).LinkTarget is { } target
        ? $"{file[root.Length..]}->{target}"
        : $"{file[root.Length..]}={File.ReadAllText(file)} {Convert.ToString((int)File.GetUnixFileMode(file), 8)}";

    private static async Task MountedAsync(ImageRig rig, Action<string> look)
    {
        var prepared = await rig.Graph.PrepareRootfsAsync(new PrepareRootfsRequest { Key = "c1", Image = "built" }, cancellationToken: Token);
        using (var mounted = Mounted.Of(prepared.Mounts.Single())) look(mounted.Path);
        await rig.Graph.RemoveRootfsAsync(new RemoveRootfsRequest { Key = "c1" }, cancellationToken: Token);
    }

    private static string Git(string folder, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", ["-c", "safe.directory=*", "-C", folder, .. arguments]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Trim();
    }

    private static Task<Built> BuildAsync(ImageRig rig, string instructions, BuildOptions? options = null) => BuildAsync(rig, instructions, options, Token);

    private static async Task<Built> BuildAsync(ImageRig rig, string instructions, BuildOptions? options, CancellationToken cancellationToken)
    {
        options ??= new BuildOptions();
        options.Tags.Clear();
        options.Tags.Add("built");
        options.DockerfileContent = ByteString.CopyFromUtf8($"FROM scratch\n{instructions}\n");
        using var call = rig.Images.Build(cancellationToken: cancellationToken);
        await call.RequestStream.WriteAsync(new BuildRequest { Options = options }, cancellationToken);
        await call.RequestStream.WriteAsync(new BuildRequest { Entries = new BuildEntries { Entries = { new BuildEntry { Path = "a", Mode = 0x81A4, Digest = ByteString.CopyFrom(System.Security.Cryptography.SHA256.HashData([])) } }, Last = true } }, cancellationToken);
        var cached = false;
        ImageInfo? image = null;
        await foreach (var e in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (e.Step is { Line: 2, State: BuildStepState.Done }) cached = e.Step.Cached;
            image = e.Result?.Image ?? image;
        }

        return new Built([.. image!.DiffIds], cached);
    }

    private sealed record Built(IReadOnlyList<string> DiffIds, bool Cached);

    /// <summary>Files as a web server without any knowledge of git gives them.</summary>
    private sealed class WebFolder : IDisposable
    {
        private readonly HttpListener _server = new();

        public WebFolder(string folder, string prefix)
        {
            _server.Prefixes.Add(Address);
            _server.Start();
            _ = ServeAsync(folder, prefix);
        }

        public string Address { get; } = $"http://127.0.0.1:{LoopbackPort.Free()}/";

        /// <summary>Null: everybody may read.</summary>
        public string? Authorization { get; set; }

        public void Dispose() => _server.Close();

        private async Task ServeAsync(string folder, string prefix)
        {
            try
            {
                while (true)
                {
                    var call = await _server.GetContextAsync();
                    var path = Path.Combine(folder, call.Request.Url!.AbsolutePath[prefix.Length..]);
                    var known = Authorization is null || string.Equals(call.Request.Headers["Authorization"], Authorization, StringComparison.OrdinalIgnoreCase);
                    call.Response.StatusCode = !known ? 401 : File.Exists(path) ? 200 : 404;
                    if (!known) call.Response.Headers["WWW-Authenticate"] = "Basic realm=\"git\"";
                    call.Response.Close(call.Response.StatusCode == 200 ? await File.ReadAllBytesAsync(path) : [], willBlock: false);
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // Closed.
            }
        }
    }
}
