using System.Text.RegularExpressions;
using Suite.Runtime.Exec.Shims;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Exec;

public sealed partial class LogTests
{
    [RootFact(Needs = Need.Busybox)]
    public async Task A_line_has_its_time_stream_and_tag()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.ShellAsync("log", "echo out; echo err >&2; printf tail");
        var lines = await File.ReadAllLinesAsync(pod.LogPath("log"), ExecFixture.Token);
        Assert.All(lines, line => Assert.Matches(LinePattern(), line));
        Assert.Equal(["stderr F err", "stdout F out", "stdout P tail"], lines.Select(line => line.Split(' ', 2)[1]).Order(StringComparer.Ordinal));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_line_of_more_than_16_KiB_is_cut_into_parts()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.ShellAsync("long", "head -c 40000 /dev/zero | tr '\\0' x; echo");
        var lines = (await File.ReadAllLinesAsync(pod.LogPath("long"), ExecFixture.Token)).Select(line => line.Split(' ', 4)).ToArray();
        Assert.Equal(["P", "P", "F"], lines.Select(fields => fields[2]));
        Assert.Equal([16384, 16384, 7232], lines.Select(fields => fields[3].Length));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_great_deal_of_output_is_all_there_before_the_exit_is_told()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var (exit, output) = await pod.ShellAsync("much", "seq 1 100000");
        Assert.Equal(0, exit.Code);
        Assert.Equal(Enumerable.Range(1, 100_000).Select(n => $"{n}"), output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task After_a_reopen_everything_goes_to_the_new_file_and_no_line_is_lost()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.StartAsync("rotate", pod.Spec("rotate", "sh", "-c", "i=0; while [ $i -lt 300 ]; do echo $i; i=$((i+1)); usleep 1000; done"));
        await LifeTests.UntilAsync(() => File.Exists(pod.LogPath("rotate")) && new FileInfo(pod.LogPath("rotate")).Length > 1000);
        var old = pod.LogPath("rotate") + ".1";
        File.Move(pod.LogPath("rotate"), old);
        await pod.Shim.ReopenLogAsync("rotate", ExecFixture.Token);
        var length = new FileInfo(old).Length;
        await pod.ExitOfAsync("rotate");
        Assert.Equal(length, new FileInfo(old).Length);
        var lines = File.ReadLines(old).Concat(File.ReadLines(pod.LogPath("rotate"))).Select(line => line.Split(' ', 4)[3]);
        Assert.Equal(Enumerable.Range(0, 300).Select(n => $"{n}"), lines);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Those_attached_get_every_byte_and_the_end()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.Shim.CreateContainerAsync("att", new() { LogPath = pod.LogPath("att") }, ExecFixture.Token);
        await using var attached = await pod.Shim.AttachAsync("att", input: false, ExecFixture.Token);
        await pod.Shim.StartContainerAsync(pod.Plan("att", pod.Spec("att", "sh", "-c", "seq 1 200000; echo bad >&2")), ExecFixture.Token);
        var output = LifeTests.ReadAsync(attached.Output!);
        Assert.Equal("bad\n", await LifeTests.ReadAsync(attached.Error!));
        Assert.Equal(200_000, (await output).Count(c => c == '\n'));
        Assert.Equal(0, (await pod.ExitOfAsync("att")).Code);
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task One_attached_who_does_not_read_holds_up_neither_container_nor_log()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.Shim.CreateContainerAsync("slow", new() { LogPath = pod.LogPath("slow") }, ExecFixture.Token);
        await using var attached = await pod.Shim.AttachAsync("slow", input: false, ExecFixture.Token);
        await pod.Shim.StartContainerAsync(pod.Plan("slow", pod.Spec("slow", "seq", "1", "300000")), ExecFixture.Token);
        Assert.Equal(0, (await pod.ExitOfAsync("slow")).Code);
        Assert.Equal(300_000, File.ReadLines(pod.LogPath("slow")).Count());
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task Input_reaches_the_program_and_its_end_too()
    {
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        await pod.Shim.CreateContainerAsync("in", new ContainerStreams { LogPath = pod.LogPath("in"), Input = true }, ExecFixture.Token);
        await using var attached = await pod.Shim.AttachAsync("in", input: true, ExecFixture.Token);
        await pod.Shim.StartContainerAsync(pod.Plan("in", pod.Spec("in", "wc", "-c")), ExecFixture.Token);
        await attached.Input!.WriteAsync(new byte[300_000], ExecFixture.Token);
        await attached.Input.DisposeAsync();
        await pod.Shim.CloseInputAsync("in", ExecFixture.Token);
        Assert.Equal("300000\n", await LifeTests.ReadAsync(attached.Output!));
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z (stdout|stderr) [FP] ")]
    private static partial Regex LinePattern();
}
