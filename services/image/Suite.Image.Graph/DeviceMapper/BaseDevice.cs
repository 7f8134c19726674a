using System.Diagnostics;
using Suite.Linux.Errors;
using Suite.Linux.Mounts;
using Suite.Linux.Native;

namespace Suite.Image.Graph.DeviceMapper;

/// <summary>The device with an empty file system that every lowest layer begins as.</summary>
internal static class BaseDevice
{
    public const string Filesystem = "ext4";
    private const int UuidOffset = 1024 + 0x68; // s_uuid of ext4's superblock, fs/ext4/ext4.h

    /// <summary>Finds it, or makes it.</summary>
    /// <exception cref="SuiteException">What is there is another file system than the one that was made.</exception>
    public static DeviceRecord Open(ThinDevices devices, DeviceRecords records)
    {
        if (records.Find(DeviceRecords.Base) is { } known)
        {
            using var device = devices.Activate(known, readOnly: true);
            var uuid = ReadUuid(device.Path);
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
                Format(device.Path);
                using (var mount = DetachedMount.Open(Filesystem, device.Path, [], readOnly: false))
                    FileCalls.UnlinkAt(mount.Descriptor, "lost+found"u8, FileCalls.AT_REMOVEDIR); // no one's content, and fsck makes it again
                record = record with { MappedBytes = devices.MappedBytes(record.Device), Uuid = ReadUuid(device.Path) };
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

    /// <summary>
    /// The tables are written at once, as every snapshot would have to write them again; nothing is reserved for root, who is each
    /// container's first user.
    /// </summary>
    private static void Format(string device)
    {
        string[] arguments = ["-q", "-F", "-m", "0", "-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=0", device];
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo("mkfs.ext4", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"The graph driver devicemapper needs mkfs.ext4, which cannot be started ({e.Message}): install e2fsprogs.", e);
        }

        using (process)
        {
            var complaint = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0) throw new SuiteException(ErrorKind.Internal, $"mkfs.ext4 could not make a file system on {device}: {complaint.Trim()}");
        }
    }

    private static string ReadUuid(string device)
    {
        using var file = File.OpenHandle(device);
        var uuid = new byte[16];
        RandomAccess.Read(file, uuid, UuidOffset);
        return new Guid(uuid, bigEndian: true).ToString();
    }
}
