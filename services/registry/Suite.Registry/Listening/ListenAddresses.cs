using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Suite.Linux.Errors;

namespace Suite.Registry.Listening;

/// <summary>Opens the registry's addresses: HTTPS with a certificate, plain HTTP on loopback, and elsewhere only if that was asked for.</summary>
internal static class ListenAddresses
{
    // Read from the disk and sent to the socket at the same time: the default of 64 KiB makes each wait for the other.
    private const int ResponseBuffer = 1 << 20;

    public static void Open(KestrelServerOptions kestrel, RegistryOptions options)
    {
        // Manifests have a limit of their own; layers have none.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxResponseBufferSize = ResponseBuffer;
        var (certificate, chain) = LoadCertificate(options);
        foreach (var address in Parse(options.Listen))
        {
            if (certificate is null && !options.AllowPlainHttp && !IPAddress.IsLoopback(address.Address))
            {
                throw new SuiteException(
                    ErrorKind.InvalidArgument, $"listen address {address} can be reached from other machines: set certificate and key in registry.json, or allowPlainHttp to true");
            }

            kestrel.Listen(address, listen =>
            {
                if (certificate is null)
                    return;
                listen.UseHttps(https => (https.ServerCertificate, https.ServerCertificateChain) = (certificate, chain));
            });
        }
    }

    public static IEnumerable<IPEndPoint> Parse(string listen) =>
        listen.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(text =>
            IPEndPoint.TryParse(text.Replace("localhost:", "127.0.0.1:", StringComparison.Ordinal), out var address) && HasPort(text)
                ? address
                : throw new SuiteException(ErrorKind.InvalidArgument, $"listen address '{text}' is not an IP address with a port, such as 127.0.0.1:5000"));

    // IPEndPoint.TryParse takes an address alone, with port 0, and a bare ::1 would look as if it had one.
    private static bool HasPort(string text) =>
        text.LastIndexOf(':') is var colon and > 0 && (text[0] == '[' ? text[colon - 1] == ']' : text.IndexOf(':', StringComparison.Ordinal) == colon);

    private static (X509Certificate2? Certificate, X509Certificate2Collection? Chain) LoadCertificate(RegistryOptions options)
    {
        if (options.Certificate is null && options.Key is null)
            return (null, null);
        if (options.Certificate is null || options.Key is null)
            throw new SuiteException(ErrorKind.InvalidArgument, "certificate and key belong together: registry.json sets one of them only");
        try
        {
            // The first certificate of the file is ours. Those after it lead to a root that clients know, and are sent along.
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(options.Certificate);
            return (X509Certificate2.CreateFromPemFile(options.Certificate, options.Key), chain);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use certificate {options.Certificate} with key {options.Key}: {e.Message}", e);
        }
    }
}
