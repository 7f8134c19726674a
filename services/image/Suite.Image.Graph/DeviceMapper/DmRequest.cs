using System.Buffers.Binary;
using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Graph.DeviceMapper;

/// <summary>
/// What goes into the device mapper's ioctl and comes out of it: struct dm_ioctl, and after it what the command takes (linux/dm-ioctl.h).
/// </summary>
internal static class DmRequest
{
    public const int HeaderSize = 312;
    private const int TargetSize = 40;
    private const int AnswerRoom = 16 * 1024;

    /// <summary>A command that says all with a name and flags.</summary>
    public static byte[] Plain(string name, uint flags = 0, string uuid = "", int room = AnswerRoom)
    {
        var request = new byte[HeaderSize + room];
        // The least version that has what is used: the kernel takes every request of its own major version.
        BinaryPrimitives.WriteUInt32LittleEndian(request, DeviceMapperCalls.DM_VERSION_MAJOR);
        BinaryPrimitives.WriteUInt32LittleEndian(request.AsSpan(12), (uint)request.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(request.AsSpan(16), HeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(request.AsSpan(28), flags);
        Text(request.AsSpan(48, DeviceMapperCalls.DM_NAME_LEN), name);
        Text(request.AsSpan(176, DeviceMapperCalls.DM_UUID_LEN), uuid);
        return request;
    }

    /// <summary>DM_TABLE_LOAD with one target over the whole device.</summary>
    /// <param name="sectors">Of 512 bytes.</param>
    public static byte[] Table(string name, ulong sectors, string target, string parameters, bool readOnly)
    {
        var length = (Encoding.UTF8.GetByteCount(parameters) + 1 + 7) & ~7;
        var request = Plain(name, readOnly ? DeviceMapperCalls.DM_READONLY_FLAG : 0, room: TargetSize + length);
        BinaryPrimitives.WriteUInt32LittleEndian(request.AsSpan(20), 1);
        var spec = request.AsSpan(HeaderSize);
        BinaryPrimitives.WriteUInt64LittleEndian(spec[8..], sectors);
        BinaryPrimitives.WriteUInt32LittleEndian(spec[20..], (uint)(TargetSize + length)); // where another would begin
        Text(spec.Slice(24, DeviceMapperCalls.DM_MAX_TYPE_NAME), target);
        Encoding.UTF8.GetBytes(parameters, spec[TargetSize..]);
        return request;
    }

    /// <summary>DM_TARGET_MSG to the target at the first sector.</summary>
    public static byte[] Message(string name, string message)
    {
        var request = Plain(name, room: sizeof(ulong) + Encoding.UTF8.GetByteCount(message) + 1);
        Encoding.UTF8.GetBytes(message, request.AsSpan(HeaderSize + sizeof(ulong)));
        return request;
    }

    public static ulong Device(ReadOnlySpan<byte> answer) => BinaryPrimitives.ReadUInt64LittleEndian(answer[40..]);

    /// <summary>How many have the device open, mounts among them.</summary>
    public static int OpenCount(ReadOnlySpan<byte> answer) => BinaryPrimitives.ReadInt32LittleEndian(answer[24..]);

    /// <summary>The first target's line in the answer to DM_TABLE_STATUS.</summary>
    public static string Status(ReadOnlySpan<byte> answer)
    {
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(answer[28..]);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(answer[20..]);
        var start = BinaryPrimitives.ReadUInt32LittleEndian(answer[16..]);
        if ((flags & DeviceMapperCalls.DM_BUFFER_FULL_FLAG) != 0 || count == 0 || start + TargetSize > answer.Length) return "";
        var text = answer[((int)start + TargetSize)..];
        return Encoding.UTF8.GetString(text[..text.IndexOf((byte)0)]).Trim();
    }

    private static void Text(Span<byte> field, string text)
    {
        if (Encoding.UTF8.GetByteCount(text) >= field.Length)
            throw new SuiteException(ErrorKind.InvalidArgument, $"The name '{text}' is too long for the device mapper, which takes {field.Length - 1} bytes.");
        Encoding.UTF8.GetBytes(text, field);
    }
}
