using System.Globalization;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Tmds.Linux;
using static Suite.Linux.Native.Bpf;

namespace Suite.Linux.Cgroups;

/// <summary>
/// Rules about devices as an eBPF program for the v2 tree (cgroup-v2.rst, "Device controller"): asked at every open and mknod,
/// it answers 1 for allowed. As with the files of v1, a later rule wins over an earlier one.
/// </summary>
internal static unsafe class DeviceProgram
{
    // linux/bpf.h: struct bpf_cgroup_dev_ctx { access_type, major, minor }; the access is in the high half of the first.
    private const uint BPF_DEVCG_ACC_MKNOD = 1;
    private const uint BPF_DEVCG_ACC_READ = 2;
    private const uint BPF_DEVCG_ACC_WRITE = 4;
    private const uint BPF_DEVCG_DEV_BLOCK = 1;
    private const uint BPF_DEVCG_DEV_CHAR = 2;

    /// <summary>Takes the place of a program that was attached before.</summary>
    public static void Attach(string directory, IReadOnlyList<string> rules)
    {
        var program = Compile(rules);
        var cgroup = Descriptor.Open(directory, LibC.O_RDONLY | LibC.O_DIRECTORY);
        var loaded = Load(program, out var error);
        if (loaded < 0)
        {
            Descriptor.Close(cgroup);
            throw new ErrnoException("load the program that decides about devices", error);
        }

        error = Bpf.Attach(cgroup, loaded);
        // What is attached stays with the cgroup; the descriptors are no longer needed.
        Descriptor.Close(loaded);
        Descriptor.Close(cgroup);
        if (error != 0)
            throw new ErrnoException($"attach the program that decides about devices to {directory}", error);
    }

    internal static bpf_insn[] Compile(IReadOnlyList<string> rules)
    {
        var program = new List<bpf_insn>
        {
            new() { code = 0x61, registers = 0x12 /* r2 = word at r1 */, off = 0 },
            new() { code = 0xbf, registers = 0x23 /* r3 = r2 */ },
            new() { code = 0x54, registers = 0x02 /* r2 &= type */, imm = 0xffff },
            new() { code = 0x74, registers = 0x03 /* r3 >>= 16: access */, imm = 16 },
            new() { code = 0x61, registers = 0x14 /* r4 = major */, off = 4 },
            new() { code = 0x61, registers = 0x15 /* r5 = minor */, off = 8 },
        };
        // The last rule that fits decides, so they are asked from the end; none fits only where there was no rule about all.
        for (var i = rules.Count - 1; i >= 0; i--)
        {
            var (allow, type, numbers, access) = Parse(rules[i]);
            if (type == 'a')
            {
                program.AddRange(Answer(allow));
                return [.. program];
            }

            AddRule(program, allow, type, numbers, access);
        }

        program.AddRange(Answer(allow: true));
        return [.. program];
    }

    private static void AddRule(List<bpf_insn> program, bool allow, char type, (long Major, long Minor) numbers, uint access)
    {
        var tests = new List<bpf_insn> { JumpIfNot(register: 2, type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR) };
        tests.Add(new() { code = 0xbf, registers = 0x36 /* r6 = r3 */ });
        if (allow)
        {
            // Everything that is asked for must be allowed.
            tests.Add(new() { code = 0x54, registers = 0x06 /* r6 &= other accesses */, imm = (int)(~access & 7) });
            tests.Add(new() { code = 0x55, registers = 0x06 /* if r6 != 0 */, imm = 0 });
        }
        else
        {
            // One thing that is denied is enough.
            tests.Add(new() { code = 0x54, registers = 0x06, imm = (int)access });
            tests.Add(new() { code = 0x15, registers = 0x06 /* if r6 == 0 */, imm = 0 });
        }

        if (numbers.Major >= 0)
            tests.Add(JumpIfNot(register: 4, (uint)numbers.Major));
        if (numbers.Minor >= 0)
            tests.Add(JumpIfNot(register: 5, (uint)numbers.Minor));

        for (var i = 0; i < tests.Count; i++)
        {
            var test = tests[i];
            // Conditional jumps lead past the two instructions of the answer.
            if (test.code is 0x55 or 0x15)
                test.off = (short)(tests.Count - i - 1 + 2);
            program.Add(test);
        }

        program.AddRange(Answer(allow));
    }

    private static bpf_insn JumpIfNot(byte register, uint value) => new() { code = 0x55, registers = register, imm = (int)value };

    private static bpf_insn[] Answer(bool allow) => [new() { code = 0xb7 /* r0 = */, imm = allow ? 1 : 0 }, new() { code = 0x95 /* exit */ }];

    /// <param name="rule"><c>allow c 1:3 rwm</c>, <c>deny a</c>.</param>
    private static (bool Allow, char Type, (long Major, long Minor) Numbers, uint Access) Parse(string rule)
    {
        var words = rule.Split(' ');
        if (words[1] == "a")
            return (words[0] == "allow", 'a', (-1, -1), 7);
        var numbers = words[2].Split(':');
        var access = words[3].Aggregate(0u, (all, letter) => all | letter switch
        {
            'r' => BPF_DEVCG_ACC_READ,
            'w' => BPF_DEVCG_ACC_WRITE,
            _ => BPF_DEVCG_ACC_MKNOD,
        });
        return (words[0] == "allow", words[1][0], (Number(numbers[0]), Number(numbers[1])), access);
    }

    private static long Number(string text) => text == "*" ? -1 : long.Parse(text, CultureInfo.InvariantCulture);
}
