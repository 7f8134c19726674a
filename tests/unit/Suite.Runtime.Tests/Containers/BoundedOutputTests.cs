using Suite.Runtime.Containers;

namespace Suite.Runtime.Tests.Containers;

public sealed class BoundedOutputTests
{
    [Fact]
    public async Task Two_streams_share_what_one_message_holds_and_are_read_to_their_ends()
    {
        var budget = new OutputBudget();
        var streams = (Output: new MemoryStream(new byte[20 << 20]), Error: new MemoryStream(new byte[20 << 20]));
        var (output, error) = (new BoundedOutput(streams.Output, budget), new BoundedOutput(streams.Error, budget));
        await Task.WhenAll(output.End, error.End);
        Assert.Equal(OutputBudget.Bytes, output.Taken.Length + error.Taken.Length);
        Assert.Equal((20 << 20, 20 << 20), (streams.Output.Position, streams.Error.Position));
    }

    [Fact]
    public async Task What_fits_is_kept_as_it_came()
    {
        var output = new BoundedOutput(new MemoryStream("said"u8.ToArray()), new OutputBudget());
        await output.End;
        Assert.Equal("said"u8.ToArray(), output.Taken.ToArray());
        Assert.True(new BoundedOutput(null, new OutputBudget()).End.IsCompletedSuccessfully);
    }
}
