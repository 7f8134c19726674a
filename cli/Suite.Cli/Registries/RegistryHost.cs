using System.Net;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Cli.Registries;

/// <summary>A registry by the name that a person gives it.</summary>
internal static class RegistryHost
{
    private const string Hub = "registry-1.docker.io";

    public static string Check(string host) =>
        ReferenceGrammar.IsHost(host) ? host : throw new SuiteException(ErrorKind.InvalidArgument, $"'{host}' is not a registry: write HOST or HOST:PORT");

    /// <summary>For who logs in or out, where docker takes an address as well, and of that the host alone.</summary>
    public static string OfAddress(string text)
    {
        var scheme = text.StartsWith("https://", StringComparison.Ordinal) || text.StartsWith("http://", StringComparison.Ordinal);
        return Check(scheme ? text.Split('/')[2] : text);
    }

    /// <summary>Where it answers. Plain HTTP on this machine only, unless that is asked for.</summary>
    public static Uri AddressOf(string host, bool plainHttp, bool tls)
    {
        var authority = host is Reference.DefaultHost ? Hub : host;
        var plain = plainHttp || (!tls && IsLoopback(authority));
        return new Uri($"{(plain ? "http" : "https")}://{authority}/");
    }

    /// <summary>Takes HOST/ off a term: the part before the first slash when it looks like a host, as in the name of an image.</summary>
    public static (string? Host, string Term) Split(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : text[..slash];
        return first == "localhost" || first.AsSpan().IndexOfAny('.', ':') >= 0 ? (Check(first), text[(slash + 1)..]) : (null, text);
    }

    private static bool IsLoopback(string authority)
    {
        var name = new Uri("http://" + authority).Host;
        return name == "localhost" || (IPAddress.TryParse(name.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }
}
