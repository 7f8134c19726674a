using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Suite.Linux.Errors;
using Suite.Linux.Filters;
using Suite.Linux.Native;
using Suite.Oci.Runtime;
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

    private static readonly ConcurrentDictionary<string, byte[]> s_programs = new();

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
            Program(profile, checkedProfile, cacheFolder), flags, notifies ? profile.ListenerPath : null, notifies ? profile.ListenerMetadata : null);
    }

    private static byte[] Program(OciSeccomp profile, CheckedProfile rules, string? cacheFolder)
    {
        var key = KeyOf(profile);
        if (s_programs.TryGetValue(key, out var kept))
            return kept;

        var file = cacheFolder is null ? null : Path.Combine(cacheFolder, $"{key}.bpf");
        var program = ProgramFile.TryRead(file) ?? Build(rules);
        ProgramFile.Keep(file, program);
        if (s_programs.Count >= MaxKept)
            s_programs.Clear();
        s_programs[key] = program;
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

    private static string KeyOf(OciSeccomp profile)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(profile, RuntimeJson.Default.Seccomp);
        return Convert.ToHexStringLower(SHA256.HashData([.. json, .. Encoding.UTF8.GetBytes(FilterBuilder.Version)]));
    }
}
