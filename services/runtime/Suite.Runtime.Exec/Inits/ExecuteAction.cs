using System.Runtime.InteropServices;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans.Steps;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>The end of the init: finds the program, closes every door behind it and becomes it.</summary>
internal static unsafe class ExecuteAction
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public static void Run(Execute step, InitContext context)
    {
        var environment = step.Environment.ToList();
        if (!environment.Exists(entry => entry.StartsWith("HOME=", StringComparison.Ordinal)))
            environment.Add($"HOME={(context.Home is { Length: > 0 } home ? home : "/")}");

        EnterDirectory(step.Directory);
        var arguments = Pointers(step.Arguments);
        var variables = Pointers(environment);
        var candidates = Candidates(step.Arguments[0], environment);

        if (CloseRange.close_range(3 + (uint)(context.Leave?.KeptDescriptors ?? 0), uint.MaxValue, (int)CloseRange.CLOSE_RANGE_CLOEXEC) != 0)
            throw new ErrnoException("close the descriptors of the shim", errno);
        // The change of user cleared it (prctl(2)).
        if (context.Leave is null)
            _ = Prctl.prctl(Prctl.PR_SET_PDEATHSIG, (nuint)SIGKILL, 0, 0, 0);
        ContainerInit.ResetSignals();
        FilterActions.Install(context);
        throw Failure(step.Arguments[0], TryEach(candidates, arguments, variables));
    }

    /// <summary>Whether there is anything to execute; said before the start, where somebody listens.</summary>
    public static void Check(string program, IReadOnlyList<string> environment, string directory)
    {
        EnterDirectory(directory);
        var result = ErrnoNames.ENOENT;
        foreach (var candidate in Candidates(program, environment))
        {
            fixed (byte* path = Descriptor.Path(candidate))
            {
                if (access(path, X_OK) == 0 && !IsDirectory(path))
                    return;
                if (errno is ErrnoNames.EACCES || IsDirectory(path))
                    result = ErrnoNames.EACCES;
            }
        }

        throw Failure(program, result);
    }

    /// <returns>The error that says most: something was there and could not be executed, before nothing was there.</returns>
    private static int TryEach(IReadOnlyList<string> candidates, byte** arguments, byte** variables)
    {
        var result = ErrnoNames.ENOENT;
        foreach (var candidate in candidates)
        {
            fixed (byte* path = Descriptor.Path(candidate))
            {
                _ = execve(path, arguments, variables);
                var error = errno;
                // A directory says EACCES as well; in a search of PATH it is not a command.
                if (error is not (ErrnoNames.ENOENT or ErrnoNames.ENOTDIR) && !(candidates.Count > 1 && IsDirectory(path)))
                    result = error;
                if (error is not (ErrnoNames.ENOENT or ErrnoNames.ENOTDIR or ErrnoNames.EACCES))
                    break;
            }
        }

        return result;
    }

    private static bool IsDirectory(byte* path)
    {
        stat status;
        return stat(path, &status) == 0 && ((uint)status.st_mode & 0xf000) == 0x4000;
    }

    internal static IReadOnlyList<string> Candidates(string program, IReadOnlyList<string> environment)
    {
        if (program.Contains('/'))
            return [program];

        var entry = environment.LastOrDefault(e => e.StartsWith("PATH=", StringComparison.Ordinal));
        var path = entry is null ? DefaultPath : entry["PATH=".Length..];
        return path.Split(':').Select(directory => directory.Length == 0 ? "./" + program : $"{directory}/{program}").ToList();
    }

    private static SuiteException Failure(string program, int error) => error switch
    {
        ErrnoNames.ENOENT when !program.Contains('/') => new SuiteException(ErrorKind.NotFound, $"execute \"{program}\": executable file not found in $PATH"),
        ErrnoNames.ENOENT or ErrnoNames.ENOTDIR => new SuiteException(ErrorKind.NotFound, $"execute \"{program}\": no such file or directory"),
        ErrnoNames.EACCES => new SuiteException(ErrorKind.PermissionDenied, $"execute \"{program}\": permission denied"),
        ErrnoNames.ENOEXEC => new SuiteException(ErrorKind.PermissionDenied, $"execute \"{program}\": exec format error; it is no program for this machine, or a script without #!"),
        _ => new ErrnoException($"execute \"{program}\"", error),
    };

    private static void EnterDirectory(string path)
    {
        fixed (byte* name = Descriptor.Path(path))
        {
            if (chdir(name) != 0)
                throw new SuiteException(ErrorKind.FailedPrecondition, $"enter the working directory {path}: {ErrnoNames.Describe(errno)}");
        }

        // A directory outside the root has no name in it: getcwd(2) then says "(unreachable)" (CVE-2024-21626).
        var buffer = stackalloc byte[4096];
        if (getcwd(buffer, 4096) == null || buffer[0] != (byte)'/')
            throw new SuiteException(ErrorKind.FailedPrecondition, $"enter the working directory {path}: it is outside the container's root");
    }

    /// <summary>A null-terminated array of strings that lives until execve.</summary>
    public static byte** Pointers(IReadOnlyList<string> texts)
    {
        var pointers = (byte**)NativeMemory.Alloc((nuint)texts.Count + 1, (nuint)sizeof(byte*));
        for (var i = 0; i < texts.Count; i++)
        {
            var bytes = Descriptor.Path(texts[i]);
            pointers[i] = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
            bytes.CopyTo(new Span<byte>(pointers[i], bytes.Length));
        }

        pointers[texts.Count] = null;
        return pointers;
    }
}
