using System.Diagnostics;
using Suite.Linux.Errors;
using Suite.Linux.Mounts;
using Suite.Linux.Native;

namespace Suite.Image.Graph.DeviceMapper;

/// <summary>The device with an empty file system that every lowest layer begins as.</summary>
internal static class BaseDevice
{
    /// <summary>Finds it, or makes it.</summary>
    /// <param name="filesystem">For one that is made. What is there stays as it is, whatever the settings say by now.</param>
    /// <exception cref="SuiteException">What is there is another file system than the one that was made.</exception>
    public static DeviceRecord Open(ThinDevices devices, DeviceRecords records, DeviceFilesystem filesystem)
    {
        if (records.Find(DeviceRecords.Base) is { } known)
        {
            using var device = devices.Activate(known, readOnly: true);
            var uuid = DeviceFilesystem.Of(known.Filesystem).ReadUuid(device.Path);
            if (uuid == known.Uuid) return known;
            throw new SuiteException(
                ErrorKind.FailedPrecondition, $"The base device of the thin pool has the file system {uuid} and not {known.Uuid}: bring back the right pool, or remove the driver's folder and pull the images again.");
        }

        var draft = DeviceRecords.NewDraft();
        var record = devices.Create(draft, origin: null);
        try
        {
            using (var device = devices.Activate(record, readOnly: false))
            {
                Format(filesystem, device.Path);
                using (var mount = DetachedMount.Open(filesystem.Name, device.Path, filesystem.WriteOptions, readOnly: false))
                    FileCalls.UnlinkAt(mount.Descriptor, "lost+found"u8, FileCalls.AT_REMOVEDIR); // no one's content, and fsck makes it again
                record = record with { MappedBytes = devices.MappedBytes(record.Device), Uuid = filesystem.ReadUuid(device.Path), Filesystem = filesystem.Name };
            }

            records.Rename(draft, DeviceRecords.Base, record);
            return record;
        }
        catch
        {
            devices.Delete(draft, record);
            throw;
        }
    }

    private static void Format(DeviceFilesystem filesystem, string device)
    {
        var program = $"mkfs.{filesystem.Name}";
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo(program, [.. filesystem.MakeOptions, device]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"The graph driver devicemapper needs {program}, which cannot be started ({e.Message}): install {filesystem.Package}.", e);
        }

        using (process)
        {
            var complaint = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0) throw new SuiteException(ErrorKind.Internal, $"{program} could not make a file system on {device}: {complaint.Trim()}");
        }
    }
}
