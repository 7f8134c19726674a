using System.Net;
using System.Text;
using Suite.Linux.Errors;
using Suite.Runtime.Peers;

namespace Suite.Runtime.Pods;

/// <summary>The contents of the files that a pod's containers share in /etc.</summary>
internal static class PodFiles
{
    public const string HostGateway = "host-gateway";

    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Writes them into the pod's directory, which exists.</summary>
    /// <param name="given">What the network gave; null on the host's network.</param>
    public static void Write(string directory, Pod pod, PodNetwork? given)
    {
        var hostname = pod.Config.Hostname.Length > 0 ? pod.Config.Hostname : Environment.MachineName;
        var hostNetwork = pod.Config.Namespaces.HostNetwork;
        WriteFile(directory, PodFileNames.Hostname, hostname + "\n");
        WriteFile(directory, PodFileNames.Hosts, hostNetwork ? ReadOfHost("/etc/hosts") : Hosts(hostname, pod.Addresses, [.. given?.Hosts ?? [], .. OwnLines(pod)]));
        WriteFile(directory, PodFileNames.ResolvConf, (given?.Dns ?? pod.Config.Dns) is { IsEmpty: false } dns ? ResolvConf(dns) : HostResolvConf(ReadOfHost("/etc/resolv.conf"), hostNetwork));
    }

    public static string Hosts(string hostname, IReadOnlyList<string> addresses, IReadOnlyList<HostLine> others)
    {
        var text = new StringBuilder(
            "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::\tip6-localnet\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n");
        foreach (var address in addresses)
            text.Append(address).Append('\t').Append(hostname).Append('\n');
        foreach (var other in others)
            text.Append(other.Address).Append('\t').AppendJoin(' ', other.Names).Append('\n');
        return text.ToString();
    }

    private static IEnumerable<HostLine> OwnLines(Pod pod) => pod.Config.ExtraHosts.Concat(pod.LinkedHosts)
        .Select(line => new HostLine(line.Address == HostGateway ? pod.Gateway : line.Address, [.. line.Names.Where(name => name.Length > 0).Distinct()]))
        .Where(line => line.Address.Length > 0);

    public static string ResolvConf(DnsConfig dns)
    {
        var text = new StringBuilder();
        if (dns.Searches.Count > 0)
            text.Append("search ").AppendJoin(' ', dns.Searches).Append('\n');
        foreach (var server in dns.Servers)
            text.Append("nameserver ").Append(server).Append('\n');
        if (dns.Options.Count > 0)
            text.Append("options ").AppendJoin(' ', dns.Options).Append('\n');
        return text.ToString();
    }

    /// <summary>The host's, without resolvers on its loopback: a pod with a network of its own has another loopback.</summary>
    public static string HostResolvConf(string text, bool hostNetwork) =>
        hostNetwork ? text : string.Concat(text.Split('\n').Where(line => !IsLoopbackServer(line)).Select(line => line.Length > 0 ? line + "\n" : ""));

    private static bool IsLoopbackServer(string line) =>
        line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is ["nameserver", var server, ..]
        && IPAddress.TryParse(server, out var address)
        && IPAddress.IsLoopback(address);

    private static void WriteFile(string directory, string name, string text)
    {
        var path = Path.Combine(directory, name);
        try
        {
            // Truncated, not replaced: containers have the file itself mounted.
            using var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = Readable,
                BufferSize = 0,
            });
            file.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException failure)
        {
            throw new SuiteException(ErrorKind.Internal, $"cannot write {path}: {failure.Message}", failure);
        }
    }

    private static string ReadOfHost(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // A host without the file is a host whose containers have an empty one.
            return "";
        }
    }
}
