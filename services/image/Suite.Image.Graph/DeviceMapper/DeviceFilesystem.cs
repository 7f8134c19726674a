using System.Buffers.Binary;
using Suite.Linux.Errors;

namespace Suite.Image.Graph.DeviceMapper;

/// <summary>What is in the devices: how it is made and mounted, and what its superblock tells.</summary>
internal abstract record DeviceFilesystem(string Name)
{
    /// <summary>Of mkfs.NAME, without the device.</summary>
    public abstract IReadOnlyList<string> MakeOptions { get; }

    /// <summary>For a device that somebody writes to: what is deleted goes back to the pool.</summary>
    public abstract IReadOnlyList<string> WriteOptions { get; }

    /// <summary>For one that is only looked at: what is in its log stays there.</summary>
    public abstract IReadOnlyList<string> ReadOptions { get; }

    /// <summary>The package with its mkfs.</summary>
    public abstract string Package { get; }

    protected abstract int UuidOffset { get; }

    public static DeviceFilesystem Of(string name) => name switch
    {
        "ext4" => new Ext4(),
        "xfs" => new Xfs(),
        _ => throw new SuiteException(ErrorKind.InvalidArgument, $"deviceMapper:filesystem is '{name}', which is none that devices are given: ext4 and xfs are."),
    };

    public string ReadUuid(string device) => new Guid(Read(device, UuidOffset, 16), bigEndian: true).ToString();

    /// <summary>Inodes in use, as the superblock said when it was last written down.</summary>
    public abstract ulong UsedInodes(string device);

    protected static byte[] Read(string device, long offset, int length)
    {
        using var file = File.OpenHandle(device);
        var bytes = new byte[length];
        RandomAccess.Read(file, bytes, offset);
        return bytes;
    }

    /// <summary>
    /// The tables are written at once, as every snapshot would have to write them again; nothing is reserved for root, who is each
    /// container's first user. Offsets are those of fs/ext4/ext4.h.
    /// </summary>
    private sealed record Ext4() : DeviceFilesystem("ext4")
    {
        private const int Superblock = 1024;
        private const uint Reserved = 10; // those before the first of a file, but for the root's

        public override IReadOnlyList<string> MakeOptions => ["-q", "-F", "-m", "0", "-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=0"];

        public override IReadOnlyList<string> WriteOptions => ["discard"];

        public override IReadOnlyList<string> ReadOptions => ["noload"];

        public override string Package => "e2fsprogs";

        protected override int UuidOffset => Superblock + 0x68;

        public override ulong UsedInodes(string device)
        {
            var counts = Read(device, Superblock, 0x14);
            var used = BinaryPrimitives.ReadUInt32LittleEndian(counts) - BinaryPrimitives.ReadUInt32LittleEndian(counts.AsSpan(0x10));
            return used > Reserved ? used - Reserved : 0;
        }
    }

    /// <summary>Every snapshot has the UUID of its origin, which xfs would take for the same file system mounted twice. Offsets are those of fs/xfs/libxfs/xfs_format.h.</summary>
    private sealed record Xfs() : DeviceFilesystem("xfs")
    {
        private const uint Reserved = 2; // the inodes of the realtime bitmap and its summary

        public override IReadOnlyList<string> MakeOptions => ["-q", "-f", "-K"];

        public override IReadOnlyList<string> WriteOptions => ["nouuid", "discard"];

        public override IReadOnlyList<string> ReadOptions => ["nouuid", "norecovery"];

        public override string Package => "xfsprogs";

        protected override int UuidOffset => 0x20;

        public override ulong UsedInodes(string device)
        {
            var counts = Read(device, 0x80, 16);
            var used = BinaryPrimitives.ReadUInt64BigEndian(counts) - BinaryPrimitives.ReadUInt64BigEndian(counts.AsSpan(8));
            return used > Reserved ? used - Reserved : 0;
        }
    }
}
