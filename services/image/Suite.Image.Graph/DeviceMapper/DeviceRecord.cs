using System.Globalization;
using Suite.Linux.Errors;

namespace Suite.Image.Graph.DeviceMapper;

/// <summary>What is written down about one thin device.</summary>
/// <param name="Device">Its number in the pool, of 24 bits.</param>
/// <param name="Transaction">The pool's transaction id after the device was made; a lesser one there means that it never was.</param>
/// <param name="MappedBytes">Bytes of the pool that it uses, with those that it shares; 0 as long as it is written to.</param>
/// <param name="OriginBytes">The same of the device that it was made from.</param>
/// <param name="Uuid">Of the file system, for the base device; else empty.</param>
/// <param name="SizeBytes">Of the device, and of the file system in it: that of the day it was made, whatever the settings say by now.</param>
/// <param name="Filesystem">What is in it, for the base device: all others are snapshots of that one.</param>
internal sealed record DeviceRecord(uint Device, ulong Transaction, ulong MappedBytes = 0, ulong OriginBytes = 0, string Uuid = "", ulong SizeBytes = 0, string Filesystem = "")
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"device {Device}\ntransaction {Transaction}\nmapped {MappedBytes}\norigin {OriginBytes}\nsize {SizeBytes}\nuuid {Uuid}\nfilesystem {Filesystem}\n");

    /// <exception cref="SuiteException">A file that is none of ours, or was cut.</exception>
    public static DeviceRecord Parse(string text, string path)
    {
        var values = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
        ulong Number(string key) =>
            values.TryGetValue(key, out var value) && ulong.TryParse(value, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new SuiteException(ErrorKind.Corrupt, $"The record {path} says no {key}: restore it, or remove the driver's folder and pull the images again.");
        return new DeviceRecord((uint)Number("device"), Number("transaction"), Number("mapped"), Number("origin"), values.GetValueOrDefault("uuid", ""), Number("size"), values.GetValueOrDefault("filesystem", "ext4"));
    }
}
