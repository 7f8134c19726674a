using Suite.Linux.Errors;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Filters;
using static Suite.Runtime.Exec.Tests.Filters.FilterMachine;

namespace Suite.Runtime.Exec.Tests.Filters;

public sealed class SeccompCompilerTests : IDisposable
{
    // asm/unistd_64.h
    private const uint Read = 0;
    private const uint Socket = 41;
    private const uint Clone = 56;
    private const uint Mkdir = 83;
    private const uint Chmod = 90;
    private const uint Unshare = 272;
    private const uint Clone3 = 435;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("suite-filters-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_call_gets_the_action_of_its_rule_and_any_other_the_default()
    {
        var program = Compile(new Seccomp
        {
            DefaultAction = "SCMP_ACT_ALLOW",
            Syscalls =
            [
                new SeccompRule { Names = ["mkdir", "no_such_call_anywhere"], Action = "SCMP_ACT_ERRNO", ErrnoRet = 30 },
                new SeccompRule { Names = ["chmod"], Action = "SCMP_ACT_KILL_PROCESS" },
            ],
        });
        Assert.Equal([Allow, Errno(30), 0x80000000], [Run(program, Read), Run(program, Mkdir), Run(program, Chmod)]);
    }

    [Fact]
    public void All_conditions_of_a_rule_must_hold_and_two_on_one_argument_are_alternatives()
    {
        var program = Compile(new Seccomp
        {
            DefaultAction = "SCMP_ACT_ERRNO",
            Syscalls =
            [
                new SeccompRule { Names = ["socket"], Action = "SCMP_ACT_ALLOW", Args = [Is(0, 1), Is(1, 2)] },
                new SeccompRule { Names = ["personality"], Action = "SCMP_ACT_ALLOW", Args = [Is(0, 0), Is(0, 0xffffffff)] },
                new SeccompRule { Names = ["clone"], Action = "SCMP_ACT_ALLOW", Args = [new() { Index = 0, Value = 0x7e020000, ValueTwo = 0, Op = "SCMP_CMP_MASKED_EQ" }] },
            ],
        });
        Assert.Equal(Allow, Run(program, Socket, X64, 1, 2));
        Assert.Equal(Errno(1), Run(program, Socket, X64, 1, 3));
        Assert.Equal(Allow, Run(program, 135, X64, 0xffffffff));
        Assert.Equal(Allow, Run(program, 135, X64, 0));
        Assert.Equal(Errno(1), Run(program, 135, X64, 5));
        Assert.Equal(Allow, Run(program, Clone, X64, 0x11));
        Assert.Equal(Errno(1), Run(program, Clone, X64, 0x20000011));
    }

    [Fact]
    public void A_call_that_is_younger_than_the_profile_does_not_exist_and_one_that_libseccomp_does_not_know_has_its_rule()
    {
        var program = Compile(new Seccomp
        {
            DefaultAction = "SCMP_ACT_ERRNO",
            Architectures = ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
            Syscalls = [new SeccompRule { Names = ["read", "mseal"], Action = "SCMP_ACT_ALLOW" }],
        });
        Assert.Equal(Allow, Run(program, 462));
        Assert.Equal(Allow, Run(program, 462, X86));
        Assert.Equal(Errno(1), Run(program, 461));
        Assert.Equal(Errno(38), Run(program, 463));
        // x32 calls are not the profile's: libseccomp kills.
        Assert.Equal(0u, Run(program, 0x40000000));
        Assert.Equal(0u, Run(program, Read, 0xc00000b7));
    }

    [Fact]
    public void The_default_profile_keeps_namespaces_and_mounts_to_those_with_the_capability()
    {
        var plain = Compile(SeccompProfiles.Default(["CAP_CHOWN"]));
        Assert.Equal([Allow, Allow, Errno(1), Errno(38)], [Run(plain, Read), Run(plain, Mkdir), Run(plain, Unshare), Run(plain, Clone3)]);
        Assert.Equal(Errno(1), Run(plain, Clone, X64, 0x10000000));
        // AF_VSOCK reaches the hypervisor past every network namespace.
        Assert.Equal([Allow, Errno(1)], [Run(plain, Socket, X64, 2), Run(plain, Socket, X64, 40)]);

        var admin = Compile(SeccompProfiles.Default(["CAP_CHOWN", "CAP_SYS_ADMIN"]));
        Assert.Equal([Allow, Allow], [Run(admin, Unshare), Run(admin, Clone3)]);
    }

    [Theory]
    [InlineData("clock_settime", 227, "CAP_SYS_TIME")]
    [InlineData("reboot", 169, "CAP_SYS_BOOT")]
    [InlineData("init_module", 175, "CAP_SYS_MODULE")]
    [InlineData("open_by_handle_at", 304, "CAP_DAC_READ_SEARCH")]
    [InlineData("bpf", 321, "CAP_BPF")]
    [InlineData("perf_event_open", 298, "CAP_PERFMON")]
    [InlineData("kexec_load", 246, null)]
    [InlineData("add_key", 248, null)]
    [InlineData("userfaultfd", 323, null)]
    [InlineData("io_uring_setup", 425, null)]
    public void A_call_of_the_default_profile_goes_with_its_capability(string name, uint number, string? capability)
    {
        Assert.NotEmpty(name);
        Assert.Equal(Errno(1), Run(Compile(SeccompProfiles.Default([])), number));
        if (capability is not null)
            Assert.Equal(Allow, Run(Compile(SeccompProfiles.Default([capability])), number));
    }

    [Fact]
    public void A_compiled_program_is_kept_for_the_next_process_and_one_that_is_cut_or_of_another_source_is_made_again()
    {
        var profile = new Seccomp { DefaultAction = "SCMP_ACT_LOG", Syscalls = [new SeccompRule { Names = ["read"], Action = "SCMP_ACT_ALLOW", }] };
        var cache = Path.Combine(_folder.FullName, "cache");
        var first = SeccompCompiler.Compile(profile, "linux.seccomp", cache);
        var kept = Assert.Single(Directory.GetFiles(cache));
        var bytes = File.ReadAllBytes(kept);
        var source = bytes[sizeof(int)..^first.Instructions.Length];
        Assert.Equal(first.Instructions, ProgramFile.TryRead(kept, source));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(cache));
        // As when two sources had one name: the other's program is not this one's.
        bytes[sizeof(int)] ^= 1;
        File.WriteAllBytes(kept, bytes);
        Assert.Null(ProgramFile.TryRead(kept, source));
        foreach (var length in (int[])[0, 3, sizeof(int) + source.Length, bytes.Length - 3])
        {
            bytes[sizeof(int)] = source[0];
            File.WriteAllBytes(kept, bytes[..length]);
            Assert.Null(ProgramFile.TryRead(kept, source));
        }
    }

    [Fact]
    public void A_text_that_was_compiled_before_is_not_read_again()
    {
        var cache = Path.Combine(_folder.FullName, "texts");
        var profile = """{"defaultAction":"SCMP_ACT_ALLOW","flags":["SECCOMP_FILTER_FLAG_LOG"],"syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_ERRNO","errnoRet":7}]}"""u8.ToArray();
        var first = SeccompCompiler.Compile(profile, "linux.seccomp", cache);
        Assert.Equal(Errno(7), Run(first.Instructions, Mkdir));
        Assert.Equal(2u /* SECCOMP_FILTER_FLAG_LOG */, first.Flags);
        var kept = Assert.Single(Directory.GetFiles(cache));

        // What is in the file is taken, so that it can be told from what would be compiled: here the errno is 9.
        var bytes = File.ReadAllBytes(kept);
        var at = bytes.AsSpan().LastIndexOf((byte[])[0x06, 0, 0, 0, 7, 0, 0x05, 0]);
        bytes[at + 4] = 9;
        File.WriteAllBytes(kept, bytes);
        var second = SeccompCompiler.Compile(profile, "linux.seccomp", cache);
        Assert.Equal((Errno(9), 2u), (Run(second.Instructions, Mkdir), second.Flags));

        // Another text has another, even if it says the same.
        SeccompCompiler.Compile([.. profile, (byte)'\n'], "linux.seccomp", cache);
        Assert.Equal(2, Directory.GetFiles(cache).Length);
    }

    [Fact]
    public void A_text_that_is_wrong_is_refused_with_the_path_of_its_field_and_one_with_a_listener_has_its_listener_every_time()
    {
        var cache = Path.Combine(_folder.FullName, "others");
        var wrong = Assert.Throws<SuiteException>(() => SeccompCompiler.Compile("""{"syscalls":[{"names":[7]}]}"""u8.ToArray(), "linux.seccomp", cache));
        Assert.Equal((ErrorKind.InvalidArgument, "linux.seccomp.syscalls[0].names[0]: must be a text, and is 7"), (wrong.Kind, wrong.Message));
        wrong = Assert.Throws<SuiteException>(() => SeccompCompiler.Compile("""{"defaultAction":"X"}"""u8.ToArray(), "linux.seccomp", cache));
        Assert.StartsWith("linux.seccomp.defaultAction: ", wrong.Message, StringComparison.Ordinal);

        var listening = """{"defaultAction":"SCMP_ACT_ALLOW","listenerPath":"/run/l","syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_NOTIFY"}]}"""u8.ToArray();
        for (var i = 0; i < 2; i++)
            Assert.Equal("/run/l", SeccompCompiler.Compile(listening, "linux.seccomp", cache).ListenerPath);
    }

    [Fact]
    public void A_profile_from_a_file_may_have_conditions()
    {
        var file = Path.Combine(_folder.FullName, "profile.json");
        File.WriteAllText(file, """
            { "defaultAction": "SCMP_ACT_ALLOW", "archMap": [ { "architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"] } ],
              "syscalls": [
                { "name": "mkdir", "action": "SCMP_ACT_ERRNO", "excludes": { "caps": ["CAP_SYS_ADMIN"] } },
                { "names": ["chmod"], "action": "SCMP_ACT_ERRNO", "includes": { "minKernel": "99.0" } } ] }
            """);
        Assert.Equal([Errno(1), Allow], Judge([]));
        Assert.Equal([Allow, Allow], Judge(["CAP_SYS_ADMIN"]));

        uint[] Judge(string[] capabilities)
        {
            var program = Compile(SeccompProfiles.Load(file, capabilities));
            return [Run(program, Mkdir), Run(program, Chmod)];
        }
    }

    [Fact]
    public void A_file_that_is_no_profile_is_refused_by_its_path()
    {
        var file = Path.Combine(_folder.FullName, "profile.json");
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<SuiteException>(() => SeccompProfiles.Load(file, [])).Kind);
        foreach (var text in new[] { "{", "null", "[]", """{"defaultAction":"SCMP_ACT_DANCE"}""", """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"action":"SCMP_ACT_ERRNO"}]}""" })
        {
            File.WriteAllText(file, text);
            var failure = Assert.Throws<SuiteException>(() => SeccompProfiles.Load(file, []));
            Assert.Equal(ErrorKind.InvalidArgument, failure.Kind);
            Assert.Contains(file, failure.Message, StringComparison.Ordinal);
        }
    }

    private static SeccompArgument Is(uint index, ulong value) => new() { Index = index, Value = value, Op = "SCMP_CMP_EQ" };

    private static byte[] Compile(Seccomp profile) => SeccompCompiler.Compile(profile, "linux.seccomp", null).Instructions;
}
