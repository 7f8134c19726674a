using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Suite.Linux.Errors;
using Suite.Registry.Access;

namespace Suite.Registry.Listening;

/// <summary>How a TLS connection begins: with our certificate, and with the client's where authorities for those are set.</summary>
internal sealed class Handshake
{
    private readonly CertificateFiles _files;
    private readonly bool _required;
    private readonly X509ChainPolicy? _clients;

    public Handshake(CertificateFiles files, AccessOptions access)
    {
        _files = files;
        _required = access.RequireClientCertificate;
        if (access.ClientAuthority is { } path)
            _clients = PolicyOf(path);
        else if (_required)
            throw new SuiteException(ErrorKind.InvalidArgument, "access.requireClientCertificate needs access.clientAuthority: who shall vouch for the clients?");
    }

    public SslServerAuthenticationOptions Options()
    {
        var options = new SslServerAuthenticationOptions { ServerCertificateContext = _files.Current };
        if (_clients is null)
            return options;
        options.ClientCertificateRequired = true;
        options.CertificateChainPolicy = _clients.Clone();
        // Asked for, not demanded: who shows none is nobody by name, unless the settings want one of all.
        options.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            certificate is null ? !_required : errors == SslPolicyErrors.None;
        return options;
    }

    private static X509ChainPolicy PolicyOf(string path)
    {
        try
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(path);
            return policy.CustomTrustStore.Count > 0
                ? policy
                : throw new SuiteException(ErrorKind.InvalidArgument, $"access.clientAuthority {path} holds no certificate");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use access.clientAuthority {path}: {e.Message}", e);
        }
    }
}
