using System.Net;

namespace Suite.Network.Names;

/// <summary>The servers and search domains of the host's resolv.conf (resolv.conf(5)), read anew when the file has changed.</summary>
internal sealed class HostServers(NetworkOptions options)
{
    private const int Most = 3; // MAXNS of resolv.h

    private readonly Lock _lock = new();
    private (DateTime Changed, long Length) _seen;
    private (IReadOnlyList<IPAddress> Servers, IReadOnlyList<string> Searches) _current = ([], []);

    public IReadOnlyList<IPAddress> Servers => Read().Servers;

    public IReadOnlyList<string> Searches => Read().Searches;

    private (IReadOnlyList<IPAddress> Servers, IReadOnlyList<string> Searches) Read()
    {
        lock (_lock)
        {
            try
            {
                var file = new FileInfo(options.ResolvConf);
                var seen = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
                if (seen != _seen)
                {
                    _current = seen == default ? ([], []) : Parse(File.ReadAllText(options.ResolvConf));
                    _seen = seen;
                }
            }
            catch (IOException)
            {
                // It is being replaced: what was there before is better than nothing.
            }

            return _current;
        }
    }

    internal static (IReadOnlyList<IPAddress> Servers, IReadOnlyList<string> Searches) Parse(string text)
    {
        var servers = new List<IPAddress>();
        IReadOnlyList<string> searches = [];
        foreach (string[] words in text.Split('\n').Select(line => line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries)))
        {
            if (words is ["nameserver", var server, ..] && servers.Count < Most && IPAddress.TryParse(server, out var address))
            {
                servers.Add(address);
            }
            else if (words is ["search", .. var domains])
            {
                searches = domains; // the last line counts
            }
        }

        return (servers, searches);
    }
}
