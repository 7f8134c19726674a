using System.Collections.Immutable;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Filters;
using Suite.Runtime.Exec.Plans.Steps;

namespace Suite.Runtime.Exec.Plans;

internal static class FilterPlanner
{
    /// <summary>Compiles a profile here, where libseccomp is in reach; what follows needs the program alone.</summary>
    /// <returns>The step that has the filter, to be added where rights are; null: no profile.</returns>
    /// <param name="text">The profile as it is written, instead; empty: there is none.</param>
    public static FilterSystemCalls? Add(ImmutableArray<Step>.Builder steps, Seccomp? profile, byte[] text, string field, string? cacheFolder, StateText state)
    {
        if (profile is null && text.Length == 0)
            return null;

        var program = profile is null ? SeccompCompiler.Compile(text, field, cacheFolder) : SeccompCompiler.Compile(profile, field, cacheFolder);
        if (program.ListenerPath is not { } listener)
            return new FilterSystemCalls(program, null);
        steps.Add(new ConnectListener(listener));
        return new FilterSystemCalls(program, new ListenerMessage(program.ListenerMetadata ?? "", state));
    }
}
