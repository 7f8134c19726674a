using System.Buffers.Binary;
using System.Text;
using Suite.Image.Graph.DeviceMapper;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Tests.DeviceMapper;

public sealed class DmRequestTests
{
    [Fact]
    public void A_request_is_a_header_with_its_own_size()
    {
        var request = DmRequest.Plain("pool", DeviceMapperCalls.DM_SUSPEND_FLAG, "SUITE-pool");
        Assert.Equal((4u, 0u, 0u), (U32(request, 0), U32(request, 4), U32(request, 8)));
        Assert.Equal(((uint)request.Length, 312u), (U32(request, 12), U32(request, 16)));
        Assert.Equal(DeviceMapperCalls.DM_SUSPEND_FLAG, U32(request, 28));
        Assert.Equal("pool", Text(request, 48));
        Assert.Equal("SUITE-pool", Text(request, 176));
    }

    [Fact]
    public void A_table_has_one_target_over_the_whole_device_and_is_aligned()
    {
        var request = DmRequest.Table("thin", 20480, "thin", "/dev/mapper/pool 7", readOnly: true);
        Assert.Equal((1u, DeviceMapperCalls.DM_READONLY_FLAG), (U32(request, 20), U32(request, 28)));
        Assert.Equal((0ul, 20480ul), (U64(request, 312), U64(request, 320)));
        Assert.Equal("thin", Text(request, 312 + 24));
        Assert.Equal("/dev/mapper/pool 7", Text(request, 312 + 40));
        Assert.Equal((uint)(request.Length - 312), U32(request, 312 + 20));
        Assert.Equal(0, request.Length % 8);
    }

    [Fact]
    public void A_message_is_for_the_first_sector()
    {
        var request = DmRequest.Message("pool", "create_snap 2 1");
        Assert.Equal(0ul, U64(request, 312));
        Assert.Equal("create_snap 2 1", Text(request, 320));
        Assert.Equal(0, request[^1]);
    }

    [Fact]
    public void A_status_line_is_what_follows_the_first_target()
    {
        var answer = DmRequest.Plain("pool");
        BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(20), 1);
        "1 2/3 4/5 - rw \0"u8.CopyTo(answer.AsSpan(312 + 40));
        Assert.Equal("1 2/3 4/5 - rw", DmRequest.Status(answer));
        BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(28), DeviceMapperCalls.DM_BUFFER_FULL_FLAG);
        Assert.Equal("", DmRequest.Status(answer));
    }

    [Fact]
    public void A_name_too_long_for_the_kernel_is_refused() =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => DmRequest.Plain(new string('x', 128))).Kind);

    private static uint U32(byte[] request, int at) => BinaryPrimitives.ReadUInt32LittleEndian(request.AsSpan(at));

    private static ulong U64(byte[] request, int at) => BinaryPrimitives.ReadUInt64LittleEndian(request.AsSpan(at));

    private static string Text(byte[] request, int at) => Encoding.UTF8.GetString(request.AsSpan(at, request.AsSpan(at).IndexOf((byte)0)));
}
