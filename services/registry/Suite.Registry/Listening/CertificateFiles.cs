using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Suite.Linux.Errors;

namespace Suite.Registry.Listening;

/// <summary>
/// The certificate in its files. Looked at again with each handshake, once a second at most, so that a renewed one is used without a
/// restart; one that cannot be used is told, and the one before stays.
/// </summary>
internal sealed partial class CertificateFiles
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string _certificate;
    private readonly string _key;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private SslStreamCertificateContext _current;
    private (DateTime, DateTime) _seen;
    private long _looked;

    /// <exception cref="SuiteException">The files cannot be used.</exception>
    public CertificateFiles(string certificate, string key, TimeProvider time, ILogger logger)
    {
        (_certificate, _key, _time, _logger) = (certificate, key, time, logger);
        _seen = Look();
        _looked = time.GetTimestamp();
        _current = Load();
    }

    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                var now = _time.GetTimestamp();
                if (_time.GetElapsedTime(_looked, now) < Interval)
                    return _current;
                _looked = now;
                if (Look() is var seen && seen != _seen)
                    Renew(seen);
                return _current;
            }
        }
    }

    private void Renew((DateTime, DateTime) seen)
    {
        try
        {
            _current = Load();
            Renewed(_certificate, _current.TargetCertificate.NotAfter.ToUniversalTime());
        }
        catch (SuiteException e)
        {
            // A renewal writes two files, one after the other: in between they do not fit, and the next look finds that they do.
            Kept(e.Message);
        }

        _seen = seen;
    }

    // A file that is not there has the year 1601, which is as good as any other for a change.
    private (DateTime, DateTime) Look() => (File.GetLastWriteTimeUtc(_certificate), File.GetLastWriteTimeUtc(_key));

    private SslStreamCertificateContext Load()
    {
        try
        {
            // The first certificate of the file is ours. Those after it lead to a root that clients know, and are sent along.
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(_certificate);
            return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(_certificate, _key), chain, offline: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use certificate {_certificate} with key {_key}: {e.Message}", e);
        }
    }

    [LoggerMessage(LogLevel.Information, "Took up the renewed certificate {Path}, valid until {Until}")]
    private partial void Renewed(string path, DateTime until);

    [LoggerMessage(LogLevel.Warning, "Keep the certificate before: {Reason}")]
    private partial void Kept(string reason);
}
