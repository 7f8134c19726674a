using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Suite.Testing.Files;

namespace Suite.Registry.Tests.Listening;

/// <summary>Certificates that are good for a day.</summary>
internal static class TestCertificates
{
    public static X509Certificate2 Issue(string subject, X509Certificate2? issuer, bool isAuthority, out string keyPem)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        keyPem = key.ExportPkcs8PrivateKeyPem();
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        var (from, until) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        if (issuer is null)
            return request.CreateSelfSigned(from, until);
        using var certificate = request.Create(issuer, issuer.NotBefore, issuer.NotAfter, RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    public static X509Certificate2 Make(TempFolder folder, out string[] settings)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=registry", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        settings =
        [
            "certificate=" + folder.File("registry.crt", certificate.ExportCertificatePem()),
            "key=" + folder.File("registry.key", key.ExportPkcs8PrivateKeyPem()),
        ];
        return certificate;
    }
}
