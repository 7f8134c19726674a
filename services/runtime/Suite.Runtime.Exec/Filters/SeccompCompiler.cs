using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Suite.Linux.Errors;
using Suite.Linux.Filters;
using Suite.Linux.Native;
using Suite.Oci.Runtime.Reading;
using Suite.Runtime.Exec.Wire;
using OciSeccomp = Suite.Oci.Runtime.Seccomp;
using Raw = Suite.Linux.Native.Seccomp;

namespace Suite.Runtime.Exec.Filters;

/// <summary>
/// From a profile of config.json to a program for the kernel. Compiling takes milliseconds, and most containers of a node have
/// the same profile, so programs are kept: in memory, and in a folder for those that run once for each container.
/// </summary>
internal static class SeccompCompiler
{
    // A node has a handful of profiles; who makes up a new one for every container does not fill the memory.
    private const int MaxKept = 64;

    private static readonly ConcurrentDictionary<string, (byte[] Source, byte[] Instructions)> s_programs = new();

    /// <param name="cacheFolder">A folder of root's alone that keeps programs; null: memory only.</param>
    /// <exception cref="SuiteException">As <see cref="Plans.ContainerPlan.From"/>.</exception>
    public static SeccompProgram Compile(OciSeccomp profile, string field, string? cacheFolder)
    {
        var checkedProfile = SeccompProfileCheck.Check(profile, field);
        var notifies = (profile.Syscalls ?? []).Any(rule => rule.Action == "SCMP_ACT_NOTIFY");
        var flags = (profile.Flags ?? []).Aggregate(0u, (all, name) => all | SeccompNames.Flags[name]);
        if (notifies)
            // The kernel refuses both together unless errors of TSYNC come back as errno, and one thread has nobody to sync.
            flags = (flags & ~Raw.SECCOMP_FILTER_FLAG_TSYNC) | Raw.SECCOMP_FILTER_FLAG_NEW_LISTENER;
        return new SeccompProgram(
            Program(checkedProfile, cacheFolder), flags, notifies ? profile.ListenerPath : null, notifies ? profile.ListenerMetadata : null);
    }

    /// <summary>
    /// From the text of a profile, for who starts anew for every container: a text that was compiled before is not read again, nor is
    /// libseccomp loaded.
    /// </summary>
    /// <param name="text">linux.seccomp as config.json has it.</param>
    /// <exception cref="SuiteException">As the other's.</exception>
    public static SeccompProgram Compile(byte[] text, string field, string? cacheFolder)
    {
        byte[] source = cacheFolder is not null && FilterBuilder.Stamp is { } stamp ? [.. Encoding.UTF8.GetBytes(stamp), .. text] : [];
        var file = source.Length == 0 ? null : Path.Combine(cacheFolder!, $"{KeyOf(source)}.text.bpf");
        // The flags are in front, in the place of an instruction.
        if (ProgramFile.TryRead(file, source) is { Length: > 8 } kept)
            return new SeccompProgram(kept[8..], BinaryPrimitives.ReadUInt32LittleEndian(kept), null, null);

        // One file is enough; what notifies is kept without its listener, below.
        var profile = Read(text);
        var program = Compile(profile, field, file is null || profile.ListenerPath is not null ? cacheFolder : null);
        if (program.ListenerPath is not null)
            return program;
        var flags = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(flags, program.Flags);
        ProgramFile.Keep(file, source, [.. flags, .. program.Instructions]);
        return program;
    }

    private static OciSeccomp Read(byte[] text)
    {
        try
        {
            return RuntimeReader.ReadSeccomp(text);
        }
        catch (JsonException wrong)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"{wrong.Path?[2..]}: {wrong.Message}", wrong);
        }
    }

    // Names a place and proves nothing: what is kept there says from which source it is. A hash that proves would load all of
    // OpenSSL, which takes suite-oci longer than the rest of its preparations.
    private static string KeyOf(byte[] source) => XxHash128.HashToUInt128(source).ToString("x32", CultureInfo.InvariantCulture);

    private static byte[] Program(CheckedProfile profile, string? cacheFolder)
    {
        var source = SourceOf(profile);
        var key = KeyOf(source);
        if (s_programs.TryGetValue(key, out var kept) && kept.Source.AsSpan().SequenceEqual(source))
            return kept.Instructions;

        var file = cacheFolder is null ? null : Path.Combine(cacheFolder, $"{key}.bpf");
        var program = ProgramFile.TryRead(file, source);
        if (program is null)
        {
            program = Build(profile);
            ProgramFile.Keep(file, source, program);
        }

        if (s_programs.Count >= MaxKept)
            s_programs.Clear();
        s_programs[key] = (source, program);
        return program;
    }

    private static byte[] Build(CheckedProfile profile)
    {
        using var builder = new FilterBuilder(profile.DefaultAction);
        builder.SetArchitectures(profile.Architectures);
        foreach (var rule in profile.Rules)
            builder.Add(rule.Name, rule.Action, rule.Tests);
        return builder.Build();
    }

    /// <summary>All that the program depends on.</summary>
    private static byte[] SourceOf(CheckedProfile profile)
    {
        var source = new WireWriter(16 << 10);
        source.String(FilterBuilder.Version);
        source.UInt(profile.DefaultAction);
        source.Int(profile.Architectures.Count);
        foreach (var architecture in profile.Architectures)
            source.UInt(architecture);
        foreach (var rule in profile.Rules)
        {
            source.String(rule.Name);
            source.UInt(rule.Action);
            source.Int(rule.Tests.Length);
            foreach (var test in rule.Tests)
            {
                source.UInt(test.Index);
                source.Int((int)test.Operator);
                source.ULong(test.Value);
                source.ULong(test.Masked);
            }
        }

        return source.Written.ToArray();
    }
}
