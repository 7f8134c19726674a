namespace Suite.Runtime.Metrics;

/// <summary>What block devices and the file systems on them are called.</summary>
internal static class BlockDevices
{
    /// <returns>"/dev/sda"; the numbers when the kernel has no name for them.</returns>
    public static string NameOf(uint major, uint minor)
    {
        const string Key = "DEVNAME=";
        var path = $"/sys/dev/block/{major}:{minor}/uevent";
        var line = File.Exists(path) ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal)) : null;
        return line is null ? $"{major}:{minor}" : "/dev/" + line[Key.Length..];
    }

    /// <param name="mountInfo">/proc/self/mountinfo (proc_pid_mountinfo(5)).</param>
    /// <param name="path">Absolute.</param>
    /// <returns>What the mount that a path is on was made from; empty when there is none.</returns>
    public static string SourceOf(string mountInfo, string path)
    {
        var (longest, source) = ("", "");
        foreach (var line in mountInfo.Split('\n'))
        {
            var separator = line.IndexOf(" - ", StringComparison.Ordinal);
            if (separator < 0 || line[..separator].Split(' ') is not { Length: > 4 } mount || line[(separator + 3)..].Split(' ') is not { Length: > 1 } filesystem)
                continue;
            // The last of several on one point is the one that is seen.
            var point = mount[4].Replace("\\040", " ", StringComparison.Ordinal);
            if (point.Length >= longest.Length && (path == point || path.StartsWith(point.TrimEnd('/') + "/", StringComparison.Ordinal)))
                (longest, source) = (point, filesystem[1]);
        }
        return source;
    }
}
