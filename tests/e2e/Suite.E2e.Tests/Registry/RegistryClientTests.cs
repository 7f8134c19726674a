using System.Text.Json;
using Suite.E2e.Tests.Cli;
using Suite.Testing.Files;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Registry;

/// <summary>Other people's clients, Debian's, over TLS and with a login: they know nothing of us, and that is the point.</summary>
public sealed class RegistryClientTests : IAsyncLifetime
{
    // "secret", by `htpasswd -nbB -C 4`.
    private const string Hash = "$2y$04$l4hTPxkc9xYN3TSdnbu6IuPYyhysLz31QU882GG795./1ZkxjaEuK";

    private readonly TempFolder _folder = new(InstanceName.OfCaller());
    private RegistryProcess _registry = null!;
    private CliProcess _cli = null!;
    private string _authentication = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Certificates => _folder.Path("tls");

    private string[] Storage => ["--root", _folder.Path("containers"), "--runroot", _folder.Path("containers-run"), "--storage-driver", "vfs"];

    public async ValueTask InitializeAsync()
    {
        Machine.Require(Need.Root | Need.Executables | Need.ContainerTools);
        _cli = new CliProcess(_folder.Path("run"), new Dictionary<string, string> { ["DOCKER_CONFIG"] = _folder.Path("docker") });
        Assert.Equal(0, (await _cli.RunAsync("registry", "cert", "--dir", Certificates, "127.0.0.1")).ExitCode);
        File.Copy(Path.Combine(Certificates, "registry.crt"), Path.Combine(_folder.Folder("ca"), "ca.crt"));
        _registry = new RegistryProcess(
            _folder.FullName,
            "certificate=" + Path.Combine(Certificates, "registry.crt"), "key=" + Path.Combine(Certificates, "registry.key"),
            "access:users=" + _folder.File("users", $"ann:{Hash}\nbob:{Hash}\n"),
            "access:rules:0:repositories:0=team/**", "access:rules:0:who:0=ann", "access:rules:0:allow:0=*",
            "access:rules:1:repositories:0=**", "access:rules:1:who:0=*", "access:rules:1:allow:0=pull",
            "access:rules:2:repositories:0=team/open", "access:rules:2:who:0=anonymous", "access:rules:2:allow:0=pull");
        await _registry.StartAsync(Cancellation);
        _authentication = _folder.Path("auth.json");
    }

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        _folder.Dispose();
    }

    private string Docker(string name) => $"docker://{_registry.Host}/{name}";

    /// <summary>An image of one file, built by buildah and pushed.</summary>
    private async Task PushAsync(string name, string content)
    {
        var container = await Tool.RunAsync("buildah", [.. Storage, "from", "scratch"]);
        await Tool.RunAsync("buildah", [.. Storage, "copy", container, _folder.File("file", content), "/file"]);
        var image = await Tool.RunAsync("buildah", [.. Storage, "commit", "--quiet", "--rm", container]);
        await Tool.RunAsync("buildah", [.. Storage, "push", "--quiet", "--cert-dir", _folder.Path("ca"), "--authfile", _authentication, image, Docker(name)]);
    }

    private Task<string> LogInAsync(string user) => Tool.RunAsync(
        "skopeo", "login", "--authfile", _authentication, "--cert-dir", _folder.Path("ca"), "--username", user, "--password", "secret", _registry.Host);

    [RootFact(Needs = Need.Executables | Need.ContainerTools)]
    public async Task Buildah_pushes_podman_pulls_and_skopeo_copies_lists_and_deletes()
    {
        await LogInAsync("ann");
        await PushAsync("team/app:1", "one");
        string[] access = ["--tls-verify=true", "--cert-dir", _folder.Path("ca"), "--authfile", _authentication];
        var image = await Tool.RunAsync("podman", [.. Storage, "pull", "--quiet", .. access, $"{_registry.Host}/team/app:1"]);
        Assert.Contains(image, await Tool.RunAsync("podman", [.. Storage, "images", "--no-trunc", "--quiet"]), StringComparison.Ordinal);

        // Within the registry the layers are mounted, not sent; into a layout and back every byte is the same.
        await Tool.RunAsync("skopeo", "copy", "--quiet", "--authfile", _authentication, "--src-cert-dir", _folder.Path("ca"), "--dest-cert-dir", _folder.Path("ca"), Docker("team/app:1"), Docker("team/copy:2"));
        var layout = $"oci:{_folder.Path("layout")}:1";
        await Tool.RunAsync("skopeo", "copy", "--quiet", "--authfile", _authentication, "--src-cert-dir", _folder.Path("ca"), Docker("team/copy:2"), layout);
        await Tool.RunAsync("skopeo", "copy", "--quiet", "--authfile", _authentication, "--dest-cert-dir", _folder.Path("ca"), layout, Docker("team/back:3"));
        string[] raw = ["inspect", "--raw", "--authfile", _authentication, "--cert-dir", _folder.Path("ca")];
        var first = await Tool.RunAsync("skopeo", [.. raw, Docker("team/app:1")]);
        Assert.Equal(first, await Tool.RunAsync("skopeo", [.. raw, Docker("team/back:3")]));

        // Docker's own manifest type, which skopeo converts to.
        await Tool.RunAsync("skopeo", "copy", "--quiet", "--format", "v2s2", "--authfile", _authentication, "--dest-cert-dir", _folder.Path("ca"), layout, Docker("team/docker:1"));
        Assert.Contains("vnd.docker.distribution.manifest.v2+json", await Tool.RunAsync("skopeo", [.. raw, Docker("team/docker:1")]), StringComparison.Ordinal);

        var tags = await Tool.RunAsync("skopeo", "list-tags", "--authfile", _authentication, "--cert-dir", _folder.Path("ca"), Docker("team/app"));
        using (var json = JsonDocument.Parse(tags))
            Assert.Equal("1", json.RootElement.GetProperty("Tags")[0].GetString());
        await Tool.RunAsync("skopeo", "delete", "--authfile", _authentication, "--cert-dir", _folder.Path("ca"), Docker("team/app:1"));
        Assert.NotEqual(0, (await Tool.TryAsync("skopeo", [.. raw, Docker("team/app:1")])).ExitCode);
        Assert.Empty((await _registry.VerifyAsync(Cancellation)).Problems);
    }

    [RootFact(Needs = Need.Executables | Need.ContainerTools)]
    public async Task Who_may_not_push_is_told_so_and_the_open_repository_is_for_everybody()
    {
        await LogInAsync("ann");
        await PushAsync("team/open:1", "open");
        await PushAsync("team/closed:1", "closed");
        await LogInAsync("bob");
        var refused = await Tool.TryAsync(
            "skopeo", "copy", "--authfile", _authentication, "--src-cert-dir", _folder.Path("ca"), "--dest-cert-dir", _folder.Path("ca"), Docker("team/open:1"), Docker("team/open:2"));
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("denied", refused.Error, StringComparison.OrdinalIgnoreCase);

        var nobody = _folder.File("nobody.json", "{}");
        await Tool.RunAsync("skopeo", "inspect", "--authfile", nobody, "--cert-dir", _folder.Path("ca"), Docker("team/open:1"));
        Assert.NotEqual(0, (await Tool.TryAsync("skopeo", "inspect", "--authfile", nobody, "--cert-dir", _folder.Path("ca"), Docker("team/closed:1"))).ExitCode);
        var wrong = await Tool.TryAsync("skopeo", "login", "--authfile", nobody, "--cert-dir", _folder.Path("ca"), "--username", "ann", "--password", "guess", _registry.Host);
        Assert.NotEqual(0, wrong.ExitCode);
    }

    [RootFact(Needs = Need.Executables | Need.ContainerTools)]
    public async Task Our_own_login_is_what_others_read_and_searches_find()
    {
        var authority = Path.Combine(_folder.Path("ca"), "ca.crt");
        var wrong = await _cli.RunWithInputAsync("guess\n", "login", "--ca", authority, "--username", "ann", "--password-stdin", _registry.Host);
        Assert.Equal((1, $"suite: registry {_registry.Host} refuses the user name or the password\n"), (wrong.ExitCode, wrong.Error));
        var right = await _cli.RunWithInputAsync("secret\n", "login", "--ca", authority, "--username", "ann", "--password-stdin", _registry.Host);
        Assert.Equal((0, "Login Succeeded\n"), (right.ExitCode, right.Output));
        _authentication = _folder.Path("docker/config.json");
        await PushAsync("team/searched:1", "content");
        await PushAsync("team/open:1", "content");

        var found = await _cli.RunAsync("search", "--ca", authority, $"{_registry.Host}/searched");
        Assert.Contains($"{_registry.Host}/team/searched", found.Output, StringComparison.Ordinal);
        Assert.Contains("team/searched", (await _cli.RunAsync("search", "searched")).Output, StringComparison.Ordinal);
        // podman searches as nobody by name, whatever logins it has.
        var podman = await Tool.RunAsync("podman", [.. Storage, "search", "--tls-verify=false", "--authfile", _authentication, $"{_registry.Host}/open"]);
        Assert.Contains("team/open", podman, StringComparison.Ordinal);

        Assert.Equal("team/open\nteam/searched\n", (await _cli.RunAsync("registry", "ls")).Output);
        Assert.Equal(0, (await _cli.RunAsync("registry", "verify")).ExitCode);
        Assert.Equal(0, (await _cli.RunAsync("registry", "rm", "team/searched:1")).ExitCode);
        Assert.Equal(0, (await _cli.RunAsync("logout", _registry.Host)).ExitCode);
        // Nobody by name finds what is open to everybody, and this is not.
        Assert.DoesNotContain("searched", (await _cli.RunAsync("search", "--ca", authority, $"{_registry.Host}/searched")).Good, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Executables | Need.ContainerTools)]
    public async Task A_login_is_kept_by_the_helper_that_the_file_names()
    {
        var (authority, kept) = (Path.Combine(_folder.Path("ca"), "ca.crt"), _folder.Path("kept"));
        var helper = _folder.File("bin/docker-credential-e2e", $"""
            #!/bin/sh
            case $1 in
            store) cat >{kept} ;;
            get) cat >/dev/null; cat {kept} 2>/dev/null || (echo 'credentials not found in native keychain'; exit 1) ;;
            erase) cat >/dev/null; rm {kept} ;;
            esac
            """);
        File.SetUnixFileMode(helper, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _folder.File("docker/config.json", """{ "credsStore": "e2e" }""");
        var cli = new CliProcess(_folder.Path("run"), new Dictionary<string, string>
        {
            ["DOCKER_CONFIG"] = _folder.Path("docker"), ["PATH"] = $"{_folder.Path("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
        });

        var first = await cli.RunWithInputAsync("secret\n", "login", "--ca", authority, "--username", "ann", "--password-stdin", _registry.Host);
        Assert.Equal((0, "Login Succeeded\n", "The password is kept by docker-credential-e2e.\n"), (first.ExitCode, first.Output, first.Error));
        var config = await File.ReadAllTextAsync(_folder.Path("docker/config.json"), Cancellation);
        Assert.Contains(_registry.Host, config, StringComparison.Ordinal);
        Assert.DoesNotContain("\"auth\"", config, StringComparison.Ordinal);
        // Whoever says nothing but the registry means the login that is there, and a search brings it.
        var again = await cli.RunAsync("login", "--ca", authority, _registry.Host);
        Assert.Equal((0, "Login Succeeded\n"), (again.ExitCode, again.Output));
        Assert.Contains("Logging in as ann", again.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await cli.RunAsync("search", "--ca", authority, $"{_registry.Host}/x")).ExitCode);

        Assert.Equal($"Removed the login for {_registry.Host}", (await cli.RunAsync("logout", _registry.Host)).Good);
        Assert.False(File.Exists(kept));
        Assert.DoesNotContain(_registry.Host, await File.ReadAllTextAsync(_folder.Path("docker/config.json"), Cancellation), StringComparison.Ordinal);
        Assert.Contains("no terminal to ask", (await cli.RunAsync("login", "--ca", authority, _registry.Host)).Error, StringComparison.Ordinal);
    }
}
