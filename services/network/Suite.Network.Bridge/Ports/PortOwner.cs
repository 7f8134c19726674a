using System.Globalization;

namespace Suite.Network.Bridge.Ports;

/// <summary>Finds the process that holds a port of the host, for the sentence that says so. Best effort: it may be gone by then.</summary>
internal static class PortOwner
{
    /// <returns>For example <c>process 812 (nginx)</c>.</returns>
    public static string? Find(PublishedPort port)
    {
        if (port.Protocol == PortProtocol.Sctp)
        {
            return null; // its table, where there is one, is laid out otherwise
        }

        string table = port.Protocol == PortProtocol.Tcp ? "tcp" : "udp";
        foreach (string path in new[] { $"/proc/net/{table}", $"/proc/net/{table}6" })
        {
            if (InodeOf(path, port) is { } inode && ProcessWith(inode) is { } process)
            {
                return process;
            }
        }

        return null;
    }

    /// <summary>The socket that is bound to the port: of TCP only one that listens counts, for connections share its number.</summary>
    private static string? InodeOf(string table, PublishedPort port)
    {
        const string listening = "0A"; // TCP_LISTEN, include/net/tcp_states.h
        string suffix = ":" + port.HostPort.ToString("X4", CultureInfo.InvariantCulture);
        try
        {
            // proc(5): sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode ...
            return File.ReadLines(table).Skip(1)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(f => f.Length > 9 && f[1].EndsWith(suffix, StringComparison.Ordinal))
                .Where(f => port.Protocol != PortProtocol.Tcp || f[3] == listening)
                .Select(f => f[9])
                .FirstOrDefault(inode => inode != "0");
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string? ProcessWith(string inode)
    {
        string wanted = $"socket:[{inode}]";
        foreach (string process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            try
            {
                if (Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(fd => new FileInfo(fd).LinkTarget == wanted))
                {
                    return $"process {Path.GetFileName(process)} ({File.ReadAllText(Path.Combine(process, "comm")).Trim()})";
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile, or hides its files.
            }
        }

        return null;
    }
}
