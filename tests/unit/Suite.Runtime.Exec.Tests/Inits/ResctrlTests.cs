using Suite.Linux.Errors;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Plans;
using Suite.Testing.Files;

namespace Suite.Runtime.Exec.Tests.Inits;

/// <summary>The rules of config-linux.md, IntelRdt, on folders like those that the kernel makes in resctrl.</summary>
public sealed class ResctrlTests : IDisposable
{
    private readonly TempFolder _root = new("resctrl");

    public ResctrlTests()
    {
        File.WriteAllText(_root.Path("tasks"), "");
        File.WriteAllText(_root.Path("schemata"), "    L3:0=7ff;1=7ff\n    MB:0=100;1=100\n");
    }

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_class_that_is_there_is_joined_if_it_has_what_is_asked_for_and_stays()
    {
        Class("given", "    L3:0=0ff;1=7ff\nMB:0= 50;1=100\n");
        Resctrl.Enter(_root.FullName, new("given", Own: false, [], null));
        Resctrl.Enter(_root.FullName, new("given", Own: false, ["L3:0=FF", "MB:1=100"], null));
        Assert.Equal("0", File.ReadAllText(_root.Path("given", "tasks")));
        Assert.StartsWith("    L3:0=0ff", File.ReadAllText(_root.Path("given", "schemata")), StringComparison.Ordinal);

        var other = Assert.Throws<SuiteException>(() => Resctrl.Enter(_root.FullName, new("given", Own: false, ["L3:0=7f"], null)));
        Assert.Contains("has L3:0=ff, and linux.intelRdt wants 7f", other.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.FailedPrecondition, other.Kind);
        Resctrl.Remove(_root.FullName, new("given", Own: false, [], null));
        Assert.True(Directory.Exists(_root.Path("given")));
    }

    [Fact]
    public void A_class_that_is_not_there_is_an_error_unless_there_are_schemata_to_make_it_with()
    {
        var missing = Assert.Throws<SuiteException>(() => Resctrl.Enter(_root.FullName, new("none", Own: false, [], null)));
        Assert.Equal(ErrorKind.NotFound, missing.Kind);
        Assert.False(Directory.Exists(_root.Path("none")));
    }

    [Fact]
    public void A_refusal_has_the_kernels_own_reason()
    {
        Directory.CreateDirectory(_root.Path("info"));
        File.WriteAllText(_root.Path("info", "last_cmd_status"), "Value 0x0 invalid\n");
        // The kernel would have put the files into the new folder; here there are none to write to.
        var refused = Assert.Throws<ErrnoException>(() => Resctrl.Enter(_root.FullName, new("c1", Own: true, ["L3:0=0"], null)));
        Assert.Contains("write \"L3:0=0\" to", refused.Message, StringComparison.Ordinal);
        Assert.Contains("(Value 0x0 invalid)", refused.Message, StringComparison.Ordinal);
        Resctrl.Remove(_root.FullName, new("c1", Own: true, [], null));
        Assert.False(Directory.Exists(_root.Path("c1")));
    }

    [Fact]
    public void Schemata_of_the_containers_own_class_can_be_changed_and_of_no_other()
    {
        Class("c1", "L3:0=7ff;1=7ff\n");
        Resctrl.Change(_root.FullName, new("c1", Own: true, ["L3:0=f"], null));
        Assert.StartsWith("L3:0=f\n", File.ReadAllText(_root.Path("c1", "schemata")), StringComparison.Ordinal);

        foreach (var others in new[] { "c1", "" })
        {
            var refused = Assert.Throws<SuiteException>(() => Resctrl.Change(_root.FullName, new(others, Own: false, ["L3:0=1"], null)));
            Assert.Equal(ErrorKind.FailedPrecondition, refused.Kind);
            Assert.Contains("it is not the container's alone", refused.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("L3:0=1", File.ReadAllText(_root.Path("c1", "schemata")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_class_is_the_root_and_a_monitoring_group_is_in_the_class_and_goes_alone()
    {
        Directory.CreateDirectory(_root.Path("mon_groups", "c1"));
        File.WriteAllText(_root.Path("mon_groups", "c1", "tasks"), "");
        var group = new ResctrlGroup("", Own: false, [], "c1");
        Resctrl.Enter(_root.FullName, group);
        Assert.Equal(("0", "0"), (File.ReadAllText(_root.Path("tasks")), File.ReadAllText(_root.Path("mon_groups", "c1", "tasks"))));
        // A folder of resctrl is removed with its files in it.
        File.Delete(_root.Path("mon_groups", "c1", "tasks"));
        Resctrl.Remove(_root.FullName, group);
        Assert.False(Directory.Exists(_root.Path("mon_groups", "c1")));
        Assert.True(File.Exists(_root.Path("schemata")));
    }

    [Fact]
    public void Mounts_are_found_by_type_the_last_first_and_never_a_part_of_one()
    {
        const string table = """
            21 1 0:20 / /proc rw shared:5 - proc proc rw
            22 1 0:20 /sys /mnt/part rw - proc proc rw
            23 1 0:21 / /sys rw - sysfs sysfs rw
            24 1 0:20 / /with\040blank\134 rw - proc proc rw
            """;
        Assert.Equal(["/with blank\\", "/proc"], MountTable.Find(table, type => type == "proc"));
    }

    private void Class(string name, string schemata)
    {
        Directory.CreateDirectory(_root.Path(name));
        File.WriteAllText(_root.Path(name, "tasks"), "");
        File.WriteAllText(_root.Path(name, "schemata"), schemata);
    }
}
