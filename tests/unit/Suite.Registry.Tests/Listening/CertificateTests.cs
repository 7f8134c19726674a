using System.Net;
using System.Security.Cryptography.X509Certificates;
using Suite.Linux.Errors;
using Suite.Testing.Files;

namespace Suite.Registry.Tests.Listening;

public sealed class CertificateTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string[] WithClients(TempFolder folder, X509Certificate2 authority) =>
    [
        "access:clientAuthority=" + folder.File("clients.crt", authority.ExportCertificatePem()),
        "access:rules:0:repositories:0=team/**", "access:rules:0:who:0=@team", "access:rules:0:allow:0=*",
    ];

    private static HttpClient Client(RunningRegistry registry, X509Certificate2? certificate = null)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        if (certificate is not null)
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        return new HttpClient(handler) { BaseAddress = registry.Http.BaseAddress };
    }

    private static async Task<HttpStatusCode> BeginAsync(HttpClient http, string repository)
    {
        using var response = await http.PostAsync($"/v2/{repository}/blobs/uploads/", null, Cancellation);
        return response.StatusCode;
    }

    [Fact]
    public async Task A_client_certificate_says_who_comes_and_of_which_groups()
    {
        using var folder = new TempFolder("registry");
        using var own = TestCertificates.Make(folder, out var settings);
        using var authority = TestCertificates.Issue("CN=clients", null, isAuthority: true, out _);
        await using var registry = await RunningRegistry.StartAsync([.. settings, .. WithClients(folder, authority)]);
        using var ann = TestCertificates.Issue("CN=ann, O=team", authority, isAuthority: false, out _);
        using var bob = TestCertificates.Issue("CN=bob, O=others", authority, isAuthority: false, out _);
        foreach (var (certificate, expected) in new[] { (ann, HttpStatusCode.Accepted), (bob, HttpStatusCode.Forbidden), (null, HttpStatusCode.Unauthorized) })
        {
            using var http = Client(registry, certificate);
            Assert.Equal(expected, await BeginAsync(http, "team/app"));
        }
    }

    [Fact]
    public async Task A_certificate_of_another_authority_and_none_where_one_is_required_end_the_connection()
    {
        using var folder = new TempFolder("registry");
        using var own = TestCertificates.Make(folder, out var settings);
        using var authority = TestCertificates.Issue("CN=clients", null, isAuthority: true, out _);
        using var other = TestCertificates.Issue("CN=clients", null, isAuthority: true, out _);
        await using var registry = await RunningRegistry.StartAsync([.. settings, .. WithClients(folder, authority), "access:requireClientCertificate=true"]);
        using var stranger = TestCertificates.Issue("CN=ann, O=team", other, isAuthority: false, out _);
        foreach (var certificate in new[] { stranger, null })
        {
            using var http = Client(registry, certificate);
            await Assert.ThrowsAsync<HttpRequestException>(() => BeginAsync(http, "team/app"));
        }
    }

    [Fact]
    public async Task A_renewed_certificate_is_used_without_a_restart_and_a_broken_one_is_not()
    {
        using var folder = new TempFolder("registry");
        using var first = TestCertificates.Make(folder, out var settings);
        await using var registry = await RunningRegistry.StartAsync(settings);
        Assert.Equal(first.Thumbprint, await ShownAsync(registry));

        folder.File("registry.crt", "-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n");
        await Task.Delay(TimeSpan.FromSeconds(1.1), Cancellation); // how often it looks
        Assert.Equal(first.Thumbprint, await ShownAsync(registry));

        using var second = TestCertificates.Make(folder, out _);
        await Task.Delay(TimeSpan.FromSeconds(1.1), Cancellation);
        Assert.Equal(second.Thumbprint, await ShownAsync(registry));
    }

    [Theory]
    [InlineData("access:clientAuthority=/nowhere.pem", "client certificates need HTTPS")]
    [InlineData("access:requireClientCertificate=true", "client certificates need HTTPS")]
    public async Task Client_certificates_without_HTTPS_are_a_contradiction(string setting, string reason)
    {
        var error = await Assert.ThrowsAsync<SuiteException>(() => RunningRegistry.StartAsync(setting));
        Assert.StartsWith(reason, error.Message, StringComparison.Ordinal);
    }

    private static async Task<string?> ShownAsync(RunningRegistry registry)
    {
        string? shown = null;
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) => (shown = certificate?.Thumbprint) is not null,
        };
        using var http = new HttpClient(handler) { BaseAddress = registry.Http.BaseAddress };
        using var ping = await http.GetAsync("/v2/", Cancellation);
        Assert.Equal(HttpStatusCode.OK, ping.StatusCode);
        return shown;
    }
}
