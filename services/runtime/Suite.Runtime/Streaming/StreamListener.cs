using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Suite.Linux.Errors;

namespace Suite.Runtime.Streaming;

/// <summary>The TCP port of the streaming server, and its address as clients are told it.</summary>
internal sealed class StreamListener(IServer server)
{
    private readonly Lazy<Uri> _address = new(() => Find(server));

    /// <summary>For example http://127.0.0.1:41234; known once the service listens.</summary>
    public Uri Address => _address.Value;

    public static void Open(KestrelServerOptions kestrel, StreamingOptions options)
    {
        if (!IPAddress.TryParse(options.Address, out var address) || options.Port is < 0 or > 65535)
            throw Invalid($"streaming.address {options.Address} with port {options.Port} is not an IP address and a port");
        var certificate = LoadCertificate(options);
        if (certificate is null && !IPAddress.IsLoopback(address))
            throw Invalid($"streaming.address {address} can be reached from other machines: set streaming.certificate and streaming.key in runtime.json");
        kestrel.Listen(address, options.Port, listen =>
        {
            // Both ways to upgrade a connection are HTTP/1.1's.
            listen.Protocols = HttpProtocols.Http1;
            if (certificate is not null)
                listen.UseHttps(certificate);
        });
    }

    private static Uri Find(IServer server)
    {
        foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            if (address.Contains("unix:", StringComparison.Ordinal) || !Uri.TryCreate(address, UriKind.Absolute, out var found))
                continue;
            // "Any address" is none that can be connected to; whoever asks over the socket is on this machine.
            return IPAddress.TryParse(found.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
                ? new UriBuilder(found) { Host = "127.0.0.1" }.Uri
                : found;
        }
        throw new SuiteException(ErrorKind.Unavailable, "the streaming server does not listen yet; try again");
    }

    private static X509Certificate2? LoadCertificate(StreamingOptions options)
    {
        if (options.Certificate is null && options.Key is null)
            return null;
        if (options.Certificate is null || options.Key is null)
            throw Invalid("streaming.certificate and streaming.key belong together: runtime.json sets one of them only");
        try
        {
            return X509Certificate2.CreateFromPemFile(options.Certificate, options.Key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use streaming.certificate {options.Certificate} with key {options.Key}: {e.Message}", e);
        }
    }

    private static SuiteException Invalid(string sentence) => new(ErrorKind.InvalidArgument, sentence);
}
