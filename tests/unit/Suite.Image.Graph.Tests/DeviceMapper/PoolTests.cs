using Suite.Image.Graph.DeviceMapper;
using Suite.Linux.Errors;

namespace Suite.Image.Graph.Tests.DeviceMapper;

public sealed class PoolTests
{
    [Fact]
    public void A_status_line_is_read_as_the_kernel_documents_it() =>
        Assert.Equal(
            new PoolStatus(7, 137, 262144, 5, 163840, "rw"),
            PoolStatus.Parse("7 137/262144 5/163840 - rw discard_passdown queue_if_no_space - 1024", "pool"));

    [Theory]
    [InlineData("Fail")]
    [InlineData("Error")]
    [InlineData("")]
    [InlineData("0 4096 linear")]
    public void What_is_no_healthy_pool_is_refused_by_its_name(string line) =>
        Assert.Contains("pool7", Assert.Throws<SuiteException>(() => PoolStatus.Parse(line, "pool7")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_pool_out_of_space_is_no_more_written_to() =>
        Assert.False(PoolStatus.Parse("7 1/2 3/3 - out_of_data_space discard_passdown queue_if_no_space - 1024", "pool").IsWritable);

    [Theory]
    [InlineData(0ul, "0B")]
    [InlineData(65536ul, "65.54kB")]
    [InlineData(107374182400ul, "107.4GB")]
    public void Sizes_are_shown_as_docker_shows_them(ulong bytes, string text) => Assert.Equal(text, PoolFigures.Size(bytes));

    [Fact]
    public void A_record_is_read_back_as_it_was_written()
    {
        var record = new DeviceRecord(3, 9, 65536, 4096, "uuid", 1 << 20);
        Assert.Equal(record, DeviceRecord.Parse(record.ToString(), "f"));
        Assert.Equal(ErrorKind.Corrupt, Assert.Throws<SuiteException>(() => DeviceRecord.Parse("device 3\ntrans", "f")).Kind);
    }

    [Fact]
    public void Recovery_deletes_drafts_trash_and_what_the_pool_never_committed()
    {
        var records = new Dictionary<string, DeviceRecord>
        {
            ["base"] = new(1, 1), ["layer-a"] = new(2, 2), ["draft-x"] = new(3, 3), ["trash-y"] = new(4, 4), ["rootfs-k"] = new(5, 6),
        };
        Assert.Equal(["draft-x", "rootfs-k", "trash-y"], PoolRecovery.Plan(records, planned: 6, pool: 5, "pool"));
        Assert.Equal(["draft-x", "trash-y"], PoolRecovery.Plan(records, planned: 6, pool: 6, "pool"));
    }

    [Theory]
    [InlineData(6ul, 7ul, "somebody else")]
    [InlineData(6ul, 4ul, "older copy")]
    [InlineData(null, 3ul, "somebody else")]
    public void A_pool_that_is_not_the_one_of_the_records_is_refused(ulong? planned, ulong pool, string why)
    {
        var error = Assert.Throws<SuiteException>(() => PoolRecovery.Plan(new Dictionary<string, DeviceRecord>(), planned, pool, "pool"));
        Assert.Equal(ErrorKind.FailedPrecondition, error.Kind);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }
}
