using System.Diagnostics;
using Suite.Testing.Files;
using Suite.Testing.Leaks;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using Xunit.Sdk;

namespace Suite.Root.Tests.Testing;

/// <summary>The guard that every root test trusts: it must see each kind of thing, and nothing of a neighbour's.</summary>
public sealed class LeakGuardTests
{
    private readonly string _instance = InstanceName.Of(nameof(LeakGuardTests));

    [RootFact]
    public void Sees_a_link()
    {
        using var guard = new LeakGuard(_instance);
        Run("ip", "link", "add", $"{_instance}0", "type", "bridge");
        try
        {
            Assert.Equal([$"link {_instance}0"], guard.Left());
        }
        finally
        {
            Run("ip", "link", "del", $"{_instance}0");
        }
    }

    [RootFact]
    public void Sees_a_mount_and_its_folder()
    {
        using var guard = new LeakGuard(_instance);
        using var folder = new TempFolder(_instance);
        Run("mount", "-t", "tmpfs", "tmpfs", folder.FullName);
        try
        {
            Assert.Equal([$"file {folder.FullName}", $"tmpfs mount {folder.FullName}"], guard.Left());
            Assert.Contains("still mounted", Assert.ThrowsAny<Exception>(folder.Dispose).Message, StringComparison.Ordinal);
        }
        finally
        {
            Run("umount", folder.FullName);
        }
    }

    [RootFact]
    public void Sees_a_control_group_in_any_hierarchy()
    {
        using var guard = new LeakGuard(_instance);
        var hierarchy = Directory.Exists("/sys/fs/cgroup/pids") ? "/sys/fs/cgroup/pids" : "/sys/fs/cgroup";
        var group = Path.Combine(hierarchy, _instance);
        Directory.CreateDirectory(group);
        try
        {
            Assert.Equal([$"cgroup {group}"], guard.Left());
        }
        finally
        {
            Directory.Delete(group);
        }
    }

    [RootFact]
    public void Sees_a_process_that_names_the_instance_and_waits_for_it_to_go()
    {
        using var guard = new LeakGuard(_instance);
        using var sleeper = Process.Start("sh", ["-c", $"sleep 0.3; : {_instance}"]);
        Assert.Equal([$"process {sleeper.Id} sh -c sleep 0.3; : {_instance}"], guard.Left());
        guard.AssertNothingLeft();
    }

    [RootFact]
    public void Names_what_is_left()
    {
        var guard = new LeakGuard(_instance);
        using var folder = new TempFolder(_instance);
        var failure = Assert.ThrowsAny<XunitException>(guard.AssertNothingLeft);
        Assert.Contains($"left behind by {_instance}:", failure.Message, StringComparison.Ordinal);
        Assert.Contains(folder.FullName, failure.Message, StringComparison.Ordinal);
    }

    [RootFact]
    public void Does_not_see_a_neighbour_whose_name_begins_alike()
    {
        using var guard = new LeakGuard(_instance);
        using var neighbour = new TempFolder($"{_instance}x");
        Assert.Empty(guard.Left());
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
