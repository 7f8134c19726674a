using System.Diagnostics;
using Suite.Linux.Errors;
using Suite.Root.Tests.Exec;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Shims;
using Suite.Testing.Files;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Vm.Tests.Exec;

/// <summary>Labels under a policy (policy.conf) that lets containers write to nothing but what is labelled for them.</summary>
public sealed class SelinuxTests
{
    private const string Mount = "/sys/fs/selinux";
    private const string Label = "tests_u:tests_r:container_t";

    [RootFact(Needs = Need.Busybox)]
    public async Task A_program_has_its_label_and_writes_where_its_mounts_are_labelled_for_it_and_nowhere_else()
    {
        await LoadPolicyAsync();
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        const string script = "cat /proc/self/attr/current; echo; echo x > /dev/shown && cat /dev/shown; echo x > /denied; ls /dev/mqueue";
        var spec = pod.Spec("s", "sh", "-c", script + "; echo done; sleep 600");
        spec = spec with { Process = spec.Process! with { SelinuxLabel = Label }, Linux = spec.Linux! with { MountLabel = "tests_u:object_r:container_file_t" } };
        await pod.StartAsync("s", spec);
        await pod.WaitForLineAsync("s", "done");
        Assert.StartsWith($"{Label}\0\nx\n", pod.Output("s"), StringComparison.Ordinal);
        Assert.Contains("can't create /denied: Permission denied", pod.Output("s"), StringComparison.Ordinal);

        // A further process is confined alike; without a label it is what the host's programs are.
        Assert.Equal(Label, await LabelOfAsync(pod, Label));
        Assert.Equal("tests_u:tests_r:host_t", await LabelOfAsync(pod, null));
    }

    [RootFact(Needs = Need.Busybox)]
    public async Task A_label_that_the_policy_does_not_know_fails_the_start_with_what_to_do()
    {
        await LoadPolicyAsync();
        await using var pod = await ExecFixture.StartAsync(InstanceName.OfCaller());
        var spec = pod.Spec("s", "true");
        var program = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("s", spec with { Process = spec.Process! with { SelinuxLabel = "tests_u:tests_r:nobody_t" } }));
        Assert.Contains("label the program with tests_u:tests_r:nobody_t: the policy that is loaded has no such label", program.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.FailedPrecondition, program.Kind);
        await pod.Shim.DeleteContainerAsync("s", ExecFixture.Token);
        var files = await Assert.ThrowsAsync<StartFailedException>(() => pod.StartAsync("s", spec with { Linux = spec.Linux! with { MountLabel = "tests_u:object_r:nobody_t" } }));
        Assert.Contains("tests_u:object_r:nobody_t", files.Message, StringComparison.Ordinal);
    }

    private static async Task<string> LabelOfAsync(ExecFixture pod, string? label)
    {
        var process = ExecFixture.Process("cat", "/proc/self/attr/current") with { SelinuxLabel = label };
        await using var session = await pod.Shim.ExecAsync("s", Guid.NewGuid().ToString("N"), ProcessPlan.From(process, new()), new(), ExecFixture.Token);
        var output = await new StreamReader(session.Output!).ReadToEndAsync(ExecFixture.Token);
        await session.Exited.WaitAsync(TimeSpan.FromSeconds(20), ExecFixture.Token);
        return output.TrimEnd('\0', '\n');
    }

    /// <summary>Once a machine: it stays until that ends.</summary>
    private static async Task LoadPolicyAsync()
    {
        if (!Directory.Exists($"{Mount}/class"))
            await RunAsync("/bin/mount", "-t", "selinuxfs", "selinuxfs", Mount);
        if (File.ReadAllText($"{Mount}/enforce") == "1")
            return;
        using var folder = new TempFolder("selinux");
        await RunAsync("/usr/bin/checkpolicy", "-U", "allow", "-o", folder.Path("policy"), Path.Combine(TestPaths.RepositoryRoot, "tests/vm/Suite.Vm.Tests/Exec/policy.conf"));
        Write("load", await File.ReadAllBytesAsync(folder.Path("policy"), ExecFixture.Token));
        Write("enforce", "1"u8.ToArray());
    }

    /// <summary>In one write, as the kernel wants it.</summary>
    private static void Write(string file, byte[] content)
    {
        using var handle = File.OpenHandle($"{Mount}/{file}", FileMode.Open, FileAccess.Write);
        RandomAccess.Write(handle, content, 0);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var said = await process.StandardError.ReadToEndAsync(ExecFixture.Token);
        await process.WaitForExitAsync(ExecFixture.Token);
        Assert.True(process.ExitCode == 0, $"{program}: {said}");
    }
}
