using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Suite.Cli.Registries;

/// <summary>A certificate that vouches for itself: who is to believe it needs a copy of it.</summary>
internal static class SelfSigned
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <param name="names">Host names and IP addresses by which the registry is reached; the first is the subject too.</param>
    /// <param name="from">From when it is good.</param>
    /// <param name="days">For how long.</param>
    public static (string Certificate, string Key) Make(IReadOnlyList<string> names, DateTimeOffset from, int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName(NameOf(names[0])), key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }

        // An authority for itself alone: some clients take only authorities for a root.
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(alternatives.Build());
        // An hour back, for clocks that are behind.
        using var certificate = request.CreateSelfSigned(from.AddHours(-1), from.AddDays(days));
        return (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private static string NameOf(string host)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(host);
        return name.Build().Name;
    }
}
