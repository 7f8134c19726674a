using Suite.Linux.Processes;

namespace Suite.Linux.Tests.Processes;

public sealed class ProcessFiguresTests
{
    private const string Limits =
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max cpu time              unlimited            unlimited            seconds
        Max open files            1024                 524288               files
        """;

    [Fact]
    public void The_soft_limit_is_the_first_of_the_two() => Assert.Equal(1024UL, ProcessFigures.Limit(Limits));

    [Fact]
    public void No_limit_is_none()
    {
        Assert.Null(ProcessFigures.Limit(Limits.Replace("1024  ", "unlimited")));
        Assert.Null(ProcessFigures.Limit(""));
    }
}
