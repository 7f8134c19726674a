using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Suite.Linux.Native;
using Suite.Linux.Processes;
using Suite.Testing.Requirements;

namespace Suite.Linux.Tests.Native;

/// <summary>What we wrote down of the kernel's headers, compared with the headers themselves by a C compiler.</summary>
public sealed class HeaderTests
{
    private static readonly Type[] Constants =
    [
        typeof(Sched), typeof(MountCalls), typeof(OpenAt2), typeof(Prctl), typeof(Capability), typeof(Signalfd), typeof(Wait),
        typeof(PosixSpawn), typeof(CloseRange), typeof(FileCalls), typeof(FileContent), typeof(DeviceMapperCalls), typeof(LoopDeviceCalls), typeof(Seccomp), typeof(Bpf),
    ];

    private static readonly Dictionary<Type, string> Structs = new()
    {
        [typeof(Sched.clone_args)] = "struct clone_args",
        [typeof(MountCalls.mount_attr)] = "struct mount_attr",
        [typeof(OpenAt2.open_how)] = "struct open_how",
        [typeof(Capability.cap_user_header_t)] = "struct __user_cap_header_struct",
        [typeof(Capability.cap_user_data_t)] = "struct __user_cap_data_struct",
        [typeof(Resource.rlimit_t)] = "struct rlimit",
        [typeof(DeviceMapperCalls.dm_ioctl)] = "struct dm_ioctl",
        [typeof(DeviceMapperCalls.dm_target_spec)] = "struct dm_target_spec",
        [typeof(DeviceMapperCalls.dm_target_msg)] = "struct dm_target_msg",
        [typeof(LoopDeviceCalls.loop_info64)] = "struct loop_info64",
        [typeof(LoopDeviceCalls.loop_config)] = "struct loop_config",
        [typeof(Seccomp.sock_filter)] = "struct sock_filter",
        [typeof(Seccomp.sock_fprog)] = "struct sock_fprog",
    };

    [Fact]
    public void Constants_and_layouts_are_those_of_the_C_headers()
    {
        if (Machine.SkipReason(Need.Compiler) is { } reason)
            Assert.Skip(reason);
        Machine.Require(Need.Compiler);
        var expected = Expected();
        Assert.Equal(expected, Compile(expected.Keys));
        Assert.True(expected.Count > 100);
    }

    private static SortedDictionary<string, string> Expected()
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in Constants.SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static)))
        {
            // Names that are not the kernel's have small letters.
            if (field.IsLiteral && !field.Name.Any(char.IsAsciiLetterLower))
                values[field.Name] = Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture)!;
        }

        foreach (var (type, name) in Structs)
        {
            values[$"sizeof({name})"] = $"{Marshal.SizeOf(type)}";
            foreach (var field in type.GetFields())
                values[$"offsetof({name}, {field.Name})"] = $"{Marshal.OffsetOf(type, field.Name)}";
        }

        for (var i = 0; i < CapabilitySet.AllNames.Count; i++)
            values[$"CAP_{CapabilitySet.AllNames[i]}"] = $"{i}";
        for (var i = 0; i < ResourceLimits.AllNames.Count; i++)
            values[ResourceLimits.AllNames[i]] = $"{i}";
        values["sizeof(struct inflate_state)"] = $"{Igzip.StateBytes}";
        values["offsetof(struct inflate_state, next_out)"] = $"{Igzip.NextOut}";
        values["offsetof(struct inflate_state, avail_out)"] = $"{Igzip.AvailOut}";
        values["offsetof(struct inflate_state, next_in)"] = $"{Igzip.NextIn}";
        values["offsetof(struct inflate_state, avail_in)"] = $"{Igzip.AvailIn}";
        values["offsetof(struct inflate_state, block_state)"] = $"{Igzip.BlockState}";
        values["offsetof(struct inflate_state, crc_flag)"] = $"{Igzip.CrcFlag}";
        values["sizeof(struct signalfd_siginfo)"] = $"{Signalfd.InfoSize}";
        return values;
    }

    private static SortedDictionary<string, string> Compile(IEnumerable<string> expressions)
    {
        var folder = Directory.CreateTempSubdirectory("suite-headers-");
        try
        {
            var source = new StringBuilder(
                """
                #define _GNU_SOURCE
                #include <stddef.h>
                #include <stdio.h>
                #include <fcntl.h>
                #include <sched.h>
                #include <spawn.h>
                #include <isa-l/igzip_lib.h>
                #include <linux/dm-ioctl.h>
                #include <linux/fs.h>
                #include <linux/loop.h>
                #include <linux/sched.h>
                #include <linux/openat2.h>
                #include <linux/capability.h>
                #include <linux/close_range.h>
                #include <linux/bpf.h>
                #include <linux/filter.h>
                #include <linux/seccomp.h>
                #include <sys/mount.h>
                #include <sys/prctl.h>
                #include <sys/resource.h>
                #include <sys/signalfd.h>
                #include <sys/stat.h>
                #include <sys/wait.h>
                int main(void) {

                """);
            foreach (var expression in expressions)
                source.Append(CultureInfo.InvariantCulture, $"printf(\"{expression}=%lld\\n\", (long long)({expression}));\n");
            var file = Path.Combine(folder.FullName, "headers.c");
            File.WriteAllText(file, source.Append("return 0; }\n").ToString());
            Run("/usr/bin/gcc", "-o", $"{file}.out", file);
            var lines = Run($"{file}.out").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('='));
            return new(lines.ToDictionary(pair => pair[0], pair => pair[1]), StringComparer.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output;
    }
}
