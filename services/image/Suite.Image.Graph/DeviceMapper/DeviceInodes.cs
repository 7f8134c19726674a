using System.Buffers.Binary;

namespace Suite.Image.Graph.DeviceMapper;

/// <summary>Reads from a device how many inodes its file system uses: what its superblock said when it was last written down.</summary>
internal static class DeviceInodes
{
    private const int Superblock = 1024;
    private const int Count = 0x0; // s_inodes_count, fs/ext4/ext4.h
    private const int Free = 0x10; // s_free_inodes_count
    private const uint Reserved = 10; // those before the first of a file, but for the root's

    public static ulong Used(string device)
    {
        using var file = File.OpenHandle(device);
        var block = new byte[Free + sizeof(uint)];
        RandomAccess.Read(file, block, Superblock);
        var used = BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(Count)) - BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(Free));
        return used > Reserved ? used - Reserved : 0;
    }
}
