using System.Globalization;
using System.Text;

namespace Suite.Linux.Cgroups;

/// <summary>What a cgroup and those below it read from and wrote to one block device since it was made.</summary>
public sealed record BlockFigures(uint Major, uint Minor)
{
    public ulong ReadBytes { get; private set; }

    public ulong WrittenBytes { get; private set; }

    public ulong Reads { get; private set; }

    public ulong Writes { get; private set; }

    /// <returns>One for each device that was used.</returns>
    public static IReadOnlyList<BlockFigures> Read(FigureReader reader, CgroupHost host, string path)
    {
        var devices = new Dictionary<(uint, uint), BlockFigures>();
        if (host.Find("blkio")?.PathOf(path) is { } directory)
        {
            AddV1(devices, Text(reader, $"{directory}/blkio.throttle.io_service_bytes_recursive"), (device, value) => device.ReadBytes = value, (device, value) => device.WrittenBytes = value);
            AddV1(devices, Text(reader, $"{directory}/blkio.throttle.io_serviced_recursive"), (device, value) => device.Reads = value, (device, value) => device.Writes = value);
        }
        else if (host.Find("io") is { } io)
            AddUnified(devices, Text(reader, $"{io.PathOf(path)}/io.stat"));
        return [.. devices.Values];
    }

    private static string Text(FigureReader reader, string file) => Encoding.ASCII.GetString(reader.Read(file));

    // "8:0 Read 4096"; the last line is a total without a device.
    private static void AddV1(Dictionary<(uint, uint), BlockFigures> devices, string text, Action<BlockFigures, ulong> read, Action<BlockFigures, ulong> written)
    {
        foreach (var line in text.Split('\n'))
        {
            if (line.Split(' ') is [var name, ("Read" or "Write") and var operation, var number] && Device(devices, name) is { } device && Number(number) is { } value)
                (operation == "Read" ? read : written)(device, value);
        }
    }

    // "8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0"
    private static void AddUnified(Dictionary<(uint, uint), BlockFigures> devices, string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split(' ');
            if (Device(devices, words[0]) is not { } device)
                continue;
            device.ReadBytes = Named(words, "rbytes=");
            device.WrittenBytes = Named(words, "wbytes=");
            device.Reads = Named(words, "rios=");
            device.Writes = Named(words, "wios=");
        }
    }

    private static ulong Named(string[] words, string name) =>
        Array.Find(words, word => word.StartsWith(name, StringComparison.Ordinal)) is { } word ? Number(word[name.Length..]) ?? 0 : 0;

    private static BlockFigures? Device(Dictionary<(uint, uint), BlockFigures> devices, string name)
    {
        if (name.Split(':') is not [var first, var second] || Number(first) is not { } major || Number(second) is not { } minor)
            return null;
        var key = ((uint)major, (uint)minor);
        if (!devices.TryGetValue(key, out var device))
            devices[key] = device = new BlockFigures(key.Item1, key.Item2);
        return device;
    }

    private static ulong? Number(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
