using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Suite.Linux.Errors;

namespace Suite.Registry.Listening;

/// <summary>Opens the registry's addresses: HTTPS with a certificate, plain HTTP on loopback, and elsewhere only if that was asked for.</summary>
internal static class ListenAddresses
{
    // How long a sender may be slower than allowed.
    private static readonly TimeSpan SlownessGrace = TimeSpan.FromSeconds(5);

    public static void Open(KestrelServerOptions kestrel, RegistryOptions options)
    {
        // Manifests have a limit of their own; layers have none.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxConcurrentConnections = options.Limits.Connections > 0 ? options.Limits.Connections : null;
        kestrel.Limits.MinRequestBodyDataRate = options.Limits.SlowestUpload > 0 ? new MinDataRate(options.Limits.SlowestUpload, SlownessGrace) : null;
        kestrel.Limits.MinResponseDataRate = options.Limits.SlowestDownload > 0 ? Rate(options.Limits.SlowestDownload) : null;
        var handshake = HandshakeOf(kestrel.ApplicationServices, options);
        foreach (var address in Parse(options.Listen))
        {
            if (handshake is null && !options.AllowPlainHttp && !IPAddress.IsLoopback(address.Address))
            {
                throw new SuiteException(
                    ErrorKind.InvalidArgument, $"listen address {address} can be reached from other machines: set certificate and key in registry.json, or allowPlainHttp to true");
            }

            kestrel.Listen(address, listen =>
            {
                if (handshake is null)
                    listen.UseSocketWriter();
                else
                    listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(handshake.Options()) });
            });
        }
    }

    // Kestrel does not count bytes that were written in its own memory, and looks only at how long a flush waits: the grace is what a piece may take.
    private static MinDataRate Rate(double bytesPerSecond) =>
        new(bytesPerSecond, TimeSpan.FromSeconds(Math.Max(SlownessGrace.TotalSeconds, SocketBuffers.FilePiece / bytesPerSecond)));

    public static IEnumerable<IPEndPoint> Parse(string listen) =>
        listen.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(text =>
            IPEndPoint.TryParse(text.Replace("localhost:", "127.0.0.1:", StringComparison.Ordinal), out var address) && HasPort(text)
                ? address
                : throw new SuiteException(ErrorKind.InvalidArgument, $"listen address '{text}' is not an IP address with a port, such as 127.0.0.1:5000"));

    // IPEndPoint.TryParse takes an address alone, with port 0, and a bare ::1 would look as if it had one.
    private static bool HasPort(string text) =>
        text.LastIndexOf(':') is var colon and > 0 && (text[0] == '[' ? text[colon - 1] == ']' : text.IndexOf(':', StringComparison.Ordinal) == colon);

    private static Handshake? HandshakeOf(IServiceProvider services, RegistryOptions options)
    {
        if (options.Certificate is null && options.Key is null)
        {
            return options.Access.ClientAuthority is null && !options.Access.RequireClientCertificate
                ? null
                : throw new SuiteException(ErrorKind.InvalidArgument, "client certificates need HTTPS: set certificate and key in registry.json");
        }

        if (options.Certificate is null || options.Key is null)
            throw new SuiteException(ErrorKind.InvalidArgument, "certificate and key belong together: registry.json sets one of them only");
        var files = new CertificateFiles(
            options.Certificate, options.Key, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<CertificateFiles>>());
        return new Handshake(files, options.Access);
    }
}
