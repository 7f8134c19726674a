using System.Runtime.InteropServices;
using Suite.Linux.Errors;
using Suite.Oci.Runtime;

namespace Suite.Runtime.Exec.Filters;

/// <summary>Decides the conditions of a profile in Docker's format for one container on this machine.</summary>
internal static class ProfileConditions
{
    public static Seccomp Resolve(DockerProfile profile, IReadOnlyCollection<string> capabilities, string field) =>
        Resolve(profile, capabilities, field, RuntimeInformation.ProcessArchitecture, Environment.OSVersion.Version);

    internal static Seccomp Resolve(
        DockerProfile profile, IReadOnlyCollection<string> capabilities, string field, Architecture architecture, Version kernel)
    {
        if (profile is { ArchMap.Count: > 0, Architectures.Count: > 0 })
            throw new SuiteException(ErrorKind.InvalidArgument, $"{field}: architectures and archMap are both given; give one of the two");

        var names = NamesOf(architecture);
        var arches = profile.Architectures;
        if (profile.ArchMap is { Count: > 0 } map)
        {
            // Conditions on arches are about the machine and all that it runs.
            var entry = map.FirstOrDefault(item => item.Architecture == names.Native);
            arches = entry is null ? [names.Native] : [entry.Architecture, .. entry.SubArchitectures ?? []];
        }

        return new Seccomp
        {
            DefaultAction = profile.DefaultAction,
            DefaultErrnoRet = profile.DefaultErrnoRet,
            Architectures = arches,
            Flags = profile.Flags,
            ListenerPath = profile.ListenerPath,
            ListenerMetadata = profile.ListenerMetadata,
            Syscalls = [.. (profile.Syscalls ?? []).Where(rule => Holds(rule, capabilities, names.Go, kernel)).Select(ToRule)],
        };
    }

    private static SeccompRule ToRule(DockerRule rule) => new()
    {
        Names = rule.Name is { Length: > 0 } single ? [single, .. rule.Names ?? []] : rule.Names ?? [],
        Action = rule.Action,
        ErrnoRet = rule.ErrnoRet,
        Args = rule.Args,
    };

    private static bool Holds(DockerRule rule, IReadOnlyCollection<string> capabilities, IReadOnlyList<string> arches, Version kernel)
    {
        if (rule.Includes is { } includes)
        {
            if (includes.Arches is { Count: > 0 } wanted && !wanted.Any(arches.Contains))
                return false;
            if (includes.Caps is { Count: > 0 } needed && !needed.All(capabilities.Contains))
                return false;
            if (includes.MinKernel is { Length: > 0 } least && kernel < ToVersion(least))
                return false;
        }

        return rule.Excludes is not { } excludes
            || !((excludes.Arches ?? []).Any(arches.Contains)
                || (excludes.Caps ?? []).Any(capabilities.Contains)
                || (excludes.MinKernel is { Length: > 0 } least2 && kernel >= ToVersion(least2)));
    }

    private static Version ToVersion(string text) => Version.TryParse(text, out var version)
        ? version
        : throw new SuiteException(ErrorKind.InvalidArgument, $"minKernel: \"{text}\" is not a version such as 4.8");

    private static (string Native, IReadOnlyList<string> Go) NamesOf(Architecture architecture) => architecture switch
    {
        Architecture.X64 => ("SCMP_ARCH_X86_64", ["amd64", "x86", "x32"]),
        Architecture.Arm64 => ("SCMP_ARCH_AARCH64", ["arm64", "arm"]),
        Architecture.LoongArch64 => ("SCMP_ARCH_LOONGARCH64", ["loong64"]),
        Architecture.RiscV64 => ("SCMP_ARCH_RISCV64", ["riscv64"]),
        Architecture.S390x => ("SCMP_ARCH_S390X", ["s390x", "s390"]),
        Architecture.Ppc64le => ("SCMP_ARCH_PPC64LE", ["ppc64le"]),
        _ => ("SCMP_ARCH_X86", ["x86"]),
    };
}
