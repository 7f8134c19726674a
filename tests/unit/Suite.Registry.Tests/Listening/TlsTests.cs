using System.Net;
using Suite.Linux.Errors;
using Suite.Testing.Files;

namespace Suite.Registry.Tests.Listening;

public sealed class TlsTests
{
    [Fact]
    public async Task With_a_certificate_the_registry_speaks_HTTPS_and_still_keeps_administration_off_the_port()
    {
        using var folder = new TempFolder("registry");
        using var certificate = TestCertificates.Make(folder, out var settings);
        await using var registry = await RunningRegistry.StartAsync(settings);
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == certificate.Thumbprint };
        using var http = new HttpClient(handler) { BaseAddress = registry.Http.BaseAddress, DefaultRequestVersion = HttpVersion.Version20 };
        using var ping = await http.GetAsync("/v2/", TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20, "https"), (ping.StatusCode, ping.Version, http.BaseAddress!.Scheme));

        using var call = new ByteArrayContent([0, 0, 0, 0, 0]);
        call.Headers.ContentType = new("application/grpc");
        using var administration = await http.PostAsync("/suite.registry.v1.Registry/Status", call, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, administration.StatusCode);
    }

    [Fact]
    public async Task Certificates_that_lead_from_ours_to_a_root_are_sent_along()
    {
        using var folder = new TempFolder("registry");
        using var root = TestCertificates.Issue("CN=root", null, isAuthority: true, out _);
        using var between = TestCertificates.Issue("CN=between", root, isAuthority: true, out _);
        using var own = TestCertificates.Issue("CN=registry", between, isAuthority: false, out var key);
        await using var registry = await RunningRegistry.StartAsync(
            "certificate=" + folder.File("registry.crt", own.ExportCertificatePem() + "\n" + between.ExportCertificatePem() + "\n"),
            "key=" + folder.File("registry.key", key));
        string[] sent = [];
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, _, chain, _) =>
            {
                sent = [.. chain!.ChainElements.Select(element => element.Certificate.Subject)];
                return true;
            },
        };
        using var http = new HttpClient(handler) { BaseAddress = registry.Http.BaseAddress };
        using var ping = await http.GetAsync("/v2/", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, ping.StatusCode);
        Assert.Equal(["CN=registry", "CN=between"], sent);
    }

    [Theory]
    [InlineData("certificate=/nowhere.pem", "certificate and key belong together")]
    [InlineData("certificate=/nowhere.pem key=/nowhere.pem", "cannot use certificate /nowhere.pem with key /nowhere.pem")]
    public async Task A_certificate_that_cannot_be_used_is_named(string settings, string reason)
    {
        var error = await Assert.ThrowsAsync<SuiteException>(() => RunningRegistry.StartAsync(settings.Split(' ')));
        Assert.StartsWith(reason, error.Message, StringComparison.Ordinal);
    }
}
