using Suite.Linux.Processes;

namespace Suite.Linux.Tests.Processes;

public sealed class ProcessStatTests
{
    [Fact]
    public void A_name_with_spaces_and_parentheses_shifts_no_field()
    {
        var fields = string.Join(' ', Enumerable.Range(4, 49).Select(i => i switch { 22 => "4711", 52 => "256", _ => "0" }));

        Assert.Equal(new ProcessStat(7, 'S', 4711, 256), ProcessStat.Parse(7, $"7 (a) Z (b) S {fields}\n"));
    }

    [Fact]
    public void This_process_runs()
    {
        var stat = ProcessStat.Read(Environment.ProcessId);

        Assert.False(stat!.Value.HasEnded);
        Assert.Equal(stat.Value.StartTime, ProcessStat.Read(Environment.ProcessId)!.Value.StartTime);
    }

    // The largest process id that a kernel can be told to give is 4194304 (proc_sys_kernel(5), pid_max).
    [Fact]
    public void A_process_that_is_not_there_is_null() => Assert.Null(ProcessStat.Read(4_194_305));
}
