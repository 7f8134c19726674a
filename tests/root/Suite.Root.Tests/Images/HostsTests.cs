using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using Cri = Runtime.V1;

namespace Suite.Root.Tests.Images;

/// <summary>certs.d: mirrors, trust and headers, read on each pull.</summary>
public sealed class HostsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact]
    public async Task A_mirror_serves_what_it_has_and_the_registry_the_rest()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var mirror = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        registry.Add("app", "1", FakeRegistry.Layer("a", "x"));
        registry.Add("own", "1", FakeRegistry.Layer("b", "y"));
        mirror.Add("app", "1", FakeRegistry.Layer("a", "x"));
        await HostsAsync(rig, registry.Host, $$"""
            [host."http://{{mirror.Host}}"]
              capabilities = ["pull", "resolve"]
              [host."http://{{mirror.Host}}".header]
                x-sent-by = "suite"
            """);
        var (headers, spaces) = (new List<string>(), new List<string>());
        mirror.Before = http =>
        {
            headers.Add(http.Request.Headers["x-sent-by"].ToString());
            headers.Add(http.Request.Headers.Authorization.ToString());
            spaces.Add(http.Request.Query["ns"].ToString());
            return Task.FromResult(false);
        };

        await rig.Cri.PullImageAsync(
            new Cri.PullImageRequest
            {
                Image = new Cri.ImageSpec { Image = $"{registry.Host}/app:1" }, Auth = new Cri.AuthConfig { Username = "u", Password = "p" },
            }, cancellationToken: Token);
        Assert.Empty(registry.Requests);
        Assert.Equal(["suite", "", "suite", "", "suite", ""], headers); // the header, and never the registry's password
        Assert.Equal([registry.Host], spaces.Distinct());

        await rig.PullAsync($"{registry.Host}/own:1");
        Assert.Equal(3, registry.Requests.Count);

        // No restart in between: the file is read again.
        await HostsAsync(rig, registry.Host, "[host.\"http://127.0.0.1:1\"]");
        await rig.PullAsync($"{registry.Host}/own:1");
        await HostsAsync(rig, registry.Host, "[host");
        var error = await rig.PullFailsAsync($"{registry.Host}/own:1");
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains("hosts.toml", error.Status.Detail, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task A_mirror_that_may_only_pull_is_not_asked_what_a_tag_means()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var mirror = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        registry.Add("app", "1", FakeRegistry.Layer("a", "x"));
        mirror.Add("app", "1", FakeRegistry.Layer("a", "x"));
        await HostsAsync(rig, registry.Host, $"[host.\"http://{mirror.Host}\"]\ncapabilities = [\"pull\"]");

        await rig.PullAsync($"{registry.Host}/app:1");

        Assert.Equal(["GET /v2/app/manifests/1"], registry.Requests);
        Assert.All(mirror.Requests, r => Assert.StartsWith("GET /v2/app/blobs/", r, StringComparison.Ordinal));
    }

    [RootFact]
    public async Task A_registry_with_an_authority_of_its_own_is_trusted_when_it_is_named()
    {
        using var authority = Certificate("suite test authority", null);
        using var server = Certificate("localhost", authority);
        await using var registry = await FakeRegistry.StartAsync(server, authority);
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        registry.Add("app", "1", FakeRegistry.Layer("a", "x"));
        var (name, at) = ($"{registry.Host}/app:1", $"server = \"https://{registry.Host}\"\n");
        var folder = Path.Combine(rig.Config, "certs.d", registry.Host);

        await HostsAsync(rig, registry.Host, at);
        var unknown = await rig.PullFailsAsync(name);
        Assert.Equal(StatusCode.Unavailable, unknown.StatusCode);

        await File.WriteAllTextAsync(Path.Combine(folder, "ca.pem"), authority.ExportCertificatePem(), Token);
        await HostsAsync(rig, registry.Host, at + "ca = \"ca.pem\"");
        Assert.Equal(StatusCode.PermissionDenied, (await rig.PullFailsAsync(name)).StatusCode); // it wants to know who we are

        using var client = Certificate("client", authority);
        await File.WriteAllTextAsync(Path.Combine(folder, "client.cert"), client.ExportCertificatePem(), Token);
        await File.WriteAllTextAsync(Path.Combine(folder, "client.key"), client.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem(), Token);
        await HostsAsync(rig, registry.Host, at + "ca = \"ca.pem\"\nclient = [[\"client.cert\", \"client.key\"]]");
        await rig.PullAsync(name);

        await HostsAsync(rig, registry.Host, at + "skip_verify = true\nclient = [[\"client.cert\", \"client.key\"]]");
        await rig.PullAsync(name);
    }

    [RootFact]
    public async Task Dockers_files_are_understood_where_there_is_no_hosts_file()
    {
        using var authority = Certificate("suite test authority", null);
        using var server = Certificate("localhost", authority);
        await using var registry = await FakeRegistry.StartAsync(server, authority, "127.0.0.1");
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        registry.Add("app", "1", FakeRegistry.Layer("a", "x"));
        var folder = Directory.CreateDirectory(Path.Combine(rig.Config, "certs.d", registry.Host)).FullName;
        using var client = Certificate("client", authority);
        await File.WriteAllTextAsync(Path.Combine(folder, "ca.crt"), authority.ExportCertificatePem(), Token);
        Assert.Equal(StatusCode.PermissionDenied, (await rig.PullFailsAsync($"{registry.Host}/app:1")).StatusCode);

        await File.WriteAllTextAsync(Path.Combine(folder, "client.cert"), client.ExportCertificatePem(), Token);
        var half = await rig.PullFailsAsync($"{registry.Host}/app:1");
        Assert.Equal(StatusCode.FailedPrecondition, half.StatusCode);
        Assert.Contains("client.key", half.Status.Detail, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(folder, "client.key"), client.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem(), Token);
        await rig.PullAsync($"{registry.Host}/app:1");
    }

    [RootFact]
    public async Task A_mirror_below_a_path_is_asked_below_it_and_the_default_folder_counts_for_all()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var mirror = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller());
        mirror.Add("app", "1", FakeRegistry.Layer("a", "x"));
        var asked = new List<string>();
        mirror.Before = http =>
        {
            asked.Add(http.Request.Path.Value!);
            if (http.Request.Path.StartsWithSegments("/proxy/of", out var rest)) http.Request.Path = "/v2" + rest.Value;
            else http.Response.StatusCode = 404;
            return Task.FromResult(http.Response.StatusCode == 404);
        };
        await HostsAsync(rig, "_default", $"[host.\"http://{mirror.Host}/proxy/of\"]\noverride_path = true\ndial_timeout = \"2s\"");

        await rig.PullAsync($"{registry.Host}/app:1");

        Assert.Empty(registry.Requests);
        Assert.All(asked, path => Assert.StartsWith("/proxy/of/app/", path, StringComparison.Ordinal));
    }

    [RootFact]
    public async Task A_registry_without_tls_is_spoken_to_when_it_is_named()
    {
        var address = System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(a => a.Address)
            .First(a => a.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork && !System.Net.IPAddress.IsLoopback(a)).ToString();
        await using var registry = await FakeRegistry.StartAsync(address);
        registry.Add("app", "1", FakeRegistry.Layer("a", "x"));
        await using (var strict = await ImageRig.StartAsync(InstanceName.OfCaller()))
        {
            var error = await strict.PullFailsAsync($"{registry.Host}/app:1");
            Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
            Assert.Contains("insecureRegistries", error.Status.Detail, StringComparison.Ordinal);
        }

        await using var rig = await ImageRig.StartAsync(InstanceName.OfCaller() + "i", $$"""{ "insecureRegistries": ["{{registry.Host}}"] }""");
        await rig.PullAsync($"{registry.Host}/app:1");
    }

    [RootFact]
    public async Task A_name_without_a_host_is_looked_for_in_the_search_registries()
    {
        await using var first = await FakeRegistry.StartAsync();
        await using var second = await FakeRegistry.StartAsync();
        await using var rig = await ImageRig.StartAsync(
            InstanceName.OfCaller(), $$"""{ "searchRegistries": ["{{first.Host}}", "{{second.Host}}"], "pinnedImages": ["{{second.Host}}/app:1"] }""");
        second.Add("app", "1", FakeRegistry.Layer("a", "x"));

        var id = await rig.PullAsync("app:1");

        var image = (await rig.Cri.ImageStatusAsync(new Cri.ImageStatusRequest { Image = new Cri.ImageSpec { Image = "app:1" } }, cancellationToken: Token)).Image;
        Assert.Equal(id, image.Id);
        Assert.Equal([$"{second.Host}/app:1"], image.RepoTags);
        Assert.True(image.Pinned);
        await rig.Cri.RemoveImageAsync(new Cri.RemoveImageRequest { Image = new Cri.ImageSpec { Image = "app:1" } }, cancellationToken: Token);
        Assert.Empty(rig.Kept());
    }

    private static async Task HostsAsync(ImageRig rig, string host, string text)
    {
        var folder = Directory.CreateDirectory(Path.Combine(rig.Config, "certs.d", host)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "hosts.toml"), text, Token);
    }

    private static X509Certificate2 Certificate(string name, X509Certificate2? authority)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority is null, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name.Replace(' ', '-'));
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        if (authority is null) return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        using var signed = request.Create(authority, now.AddHours(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }
}
