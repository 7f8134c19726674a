using System.Runtime.InteropServices;
using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Linux.Filters;

/// <summary>
/// Compiles rules about system calls into a BPF program with libseccomp. Names that this machine's libseccomp does not know are
/// looked up in <see cref="NewSystemCalls"/>; the others do not exist here, and are left out as the specification asks.
/// </summary>
public sealed unsafe class FilterBuilder : IDisposable
{
    private readonly uint _defaultAction;
    private readonly List<uint> _architectures = [];
    private readonly List<(uint Number, uint Action)> _unlisted = [];
    private uint _newest;
    private nint _context;

    /// <param name="defaultAction">SECCOMP_RET_* with its data.</param>
    /// <exception cref="SuiteException">Unsupported: libseccomp is not installed, or the kernel does not know the action.</exception>
    public FilterBuilder(uint defaultAction)
    {
        _defaultAction = defaultAction;
        _context = Load(() => LibSeccomp.seccomp_init(defaultAction));
        if (_context == 0)
            throw new SuiteException(ErrorKind.Unsupported, $"begin a filter of system calls: this kernel does not know the action 0x{defaultAction:x8}");
        // A balanced tree instead of a list: a call costs a dozen comparisons instead of hundreds (2.5).
        _ = LibSeccomp.seccomp_attr_set(_context, LibSeccomp.AttributeOptimize, 2);
        _architectures.Add(LibSeccomp.seccomp_arch_native());
    }

    /// <summary>What decides, beside the rules, which program comes out.</summary>
    public static string Version => Load(() =>
    {
        var version = LibSeccomp.seccomp_version();
        return $"libseccomp {version->major}.{version->minor}.{version->micro}, {NewSystemCalls.Newest}";
    });

    /// <summary>
    /// Changes when <see cref="Version"/> may have changed, and is known without loading libseccomp. Null: that is where nobody looks
    /// for it.
    /// </summary>
    public static string? Stamp
    {
        get
        {
            foreach (var folder in LibraryFolders)
            {
                if (FileCalls.Stat(Encoding.UTF8.GetBytes($"{folder}/libseccomp.so.2"), followLink: true, out var file) == 0)
                    return $"{folder} {file.Inode} {file.Size} {file.ChangedSeconds}.{file.ChangedNanoseconds} {NewSystemCalls.Newest}\n";
            }

            return null;
        }
    }

    // Debian's, by architecture, and those of the others (ld.so(8)).
    private static string[] LibraryFolders =>
        [RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "/usr/lib/aarch64-linux-gnu" : "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"];

    /// <summary>Has the filter judge calls of these architectures; calls of others kill the thread.</summary>
    /// <param name="tokens">AUDIT_ARCH_* of linux/audit.h; empty: this machine's own.</param>
    public void SetArchitectures(IReadOnlyCollection<uint> tokens)
    {
        if (tokens.Count == 0)
            return;
        foreach (var token in tokens.Where(token => !_architectures.Contains(token)))
        {
            Check(LibSeccomp.seccomp_arch_add(_context, token), $"add the architecture 0x{token:x8}");
            _architectures.Add(token);
        }

        var native = _architectures[0];
        if (tokens.Contains(native))
            return;
        Check(LibSeccomp.seccomp_arch_remove(_context, native), "leave out this machine's architecture");
        _architectures.RemoveAt(0);
    }

    /// <summary>The action for one call, if all the tests hold. A rule that says what the default says is left out.</summary>
    public void Add(string name, uint action, ReadOnlySpan<ArgumentTest> tests)
    {
        int number;
        fixed (byte* text = Descriptor.Path(name))
            number = LibSeccomp.seccomp_syscall_resolve_name(text);
        if (number == LibSeccomp.NameUnknown)
        {
            AddUnlisted(name, action, tests);
            return;
        }

        if (number > 0 && number < 0x40000000)
            _newest = Math.Max(_newest, (uint)number);
        if (action == _defaultAction)
            return;

        var comparisons = stackalloc LibSeccomp.scmp_arg_cmp[6];
        for (var i = 0; i < tests.Length; i++)
            comparisons[i] = new() { arg = tests[i].Index, op = (int)tests[i].Operator, datum_a = tests[i].Value, datum_b = tests[i].Masked };
        var result = LibSeccomp.seccomp_rule_add_array(_context, action, number, (uint)tests.Length, comparisons);
        // EEXIST: a later rule about the same call and arguments; the first stands, as with the reference.
        if (result is not -ErrnoNames.EEXIST)
            Check(result, $"add a rule about {name}");
    }

    /// <returns>The program, eight bytes an instruction.</returns>
    public byte[] Build()
    {
        int file;
        fixed (byte* name = "suite-filter\0"u8)
            file = memfd_create(name, 1 /* MFD_CLOEXEC */);
        if (file < 0)
            throw new ErrnoException("make a memory file for a filter", errno);
        try
        {
            Check(LibSeccomp.seccomp_export_bpf(_context, file), "compile the rules");
            var length = (int)(long)lseek(file, 0, SEEK_CUR);
            var prologue = FilterPrologue.For(_architectures, _defaultAction, _unlisted, _newest);
            var program = new byte[prologue.Length + length];
            prologue.CopyTo(program, 0);
            fixed (byte* data = &program[prologue.Length])
            {
                if ((long)pread(file, data, length, 0) != length)
                    throw new ErrnoException("read the compiled filter", errno);
            }

            // linux/bpf_common.h: BPF_MAXINSNS.
            if (program.Length / sizeof(Seccomp.sock_filter) > 4096)
                throw new SuiteException(ErrorKind.InvalidArgument, "compile the rules about system calls: the program has more than 4096 instructions; use fewer rules");
            return program;
        }
        finally
        {
            Descriptor.Close(file);
        }
    }

    public void Dispose()
    {
        if (_context != 0)
            LibSeccomp.seccomp_release(_context);
        _context = 0;
    }

    private void AddUnlisted(string name, uint action, ReadOnlySpan<ArgumentTest> tests)
    {
        if (!NewSystemCalls.TryFind(name, out var number))
            return;
        if (!tests.IsEmpty)
            throw new SuiteException(ErrorKind.Unsupported, $"filter {name} by its arguments: the libseccomp of this machine does not know the call; leave out args");
        _newest = Math.Max(_newest, number);
        if (action != _defaultAction && !_unlisted.Exists(rule => rule.Number == number))
            _unlisted.Add((number, action));
    }

    private static void Check(int result, string action)
    {
        if (result < 0)
            throw new ErrnoException(action, -result);
    }

    private static T Load<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (DllNotFoundException)
        {
            throw new SuiteException(ErrorKind.Unsupported, "compile a filter of system calls: libseccomp.so.2 is not installed; install the package libseccomp2");
        }
    }
}
