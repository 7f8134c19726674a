using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Stages;
using Suite.Image.Builds.Variables;
using Suite.Oci.Images;

namespace Suite.Image.Builds.Instructions;

/// <summary>The instructions that change only the configuration.</summary>
internal static class ConfigInstructions
{
    /// <returns>What the image's history says of it, in BuildKit's words; null when the instruction is none of these.</returns>
    public static string? Apply(Instruction i, StageState state) => i.Keyword switch
    {
        "ENV" => Environment(i, state),
        "LABEL" => Labels(i, state),
        "CMD" => Command(i, state),
        "ENTRYPOINT" => Entrypoint(i, state),
        "USER" => User(i, state),
        "STOPSIGNAL" => StopSignal(i, state),
        "EXPOSE" => Expose(i, state),
        "VOLUME" => Volumes(i, state),
        "MAINTAINER" => Maintainer(i, state),
        "SHELL" => Shell(i, state),
        "ONBUILD" => OnBuild(i, state),
        "HEALTHCHECK" => Health(i, state),
        _ => null,
    };

    private static string Environment(Instruction i, StageState state)
    {
        var pairs = NamedValues.Read(i, state.Expansion);
        foreach (var (name, value) in pairs) state.SetVariable(name, value);
        return $"ENV {string.Join(' ', pairs.Select(p => $"{p.Name}={p.Value}"))}";
    }

    private static string Labels(Instruction i, StageState state)
    {
        var labels = new SortedDictionary<string, string>((state.Config.Labels ?? new Dictionary<string, string>()).ToDictionary(), StringComparer.Ordinal);
        var pairs = NamedValues.Read(i, state.Expansion);
        foreach (var (name, value) in pairs) labels[name] = value;
        state.Config = state.Config with { Labels = labels };
        return $"LABEL {string.Join(' ', pairs.Select(p => $"{p.Name}={p.Value}"))}";
    }

    private static string Command(Instruction i, StageState state)
    {
        state.Config = state.Config with { Cmd = Arguments(i, state) };
        state.CommandSet = true;
        return $"CMD {GoQuoted.List(state.Config.Cmd!)}";
    }

    private static string Entrypoint(Instruction i, StageState state)
    {
        state.Config = state.Config with { Entrypoint = Arguments(i, state), Cmd = state.CommandSet ? state.Config.Cmd : null };
        return $"ENTRYPOINT {GoQuoted.List(state.Config.Entrypoint!)}";
    }

    private static string User(Instruction i, StageState state)
    {
        state.Config = state.Config with { User = One(i, state) };
        return $"USER {state.Config.User}";
    }

    private static string StopSignal(Instruction i, StageState state)
    {
        var signal = One(i, state);
        if (!Signals.IsKnown(signal)) throw i.Wrong($"has '{signal}', which is no signal");
        state.Config = state.Config with { StopSignal = signal };
        return $"STOPSIGNAL {signal}";
    }

    private static string Expose(Instruction i, StageState state)
    {
        if (i.Arguments.Length == 0) throw i.Wrong("needs a port");
        var ports = Words.Split(i, i.Arguments, state.Expansion).SelectMany(p => ExposedPorts.Read(i, p)).ToArray();
        state.Config = state.Config with { ExposedPorts = Union(state.Config.ExposedPorts, ports) };
        return $"EXPOSE [{string.Join(' ', ports)}]";
    }

    private static string Volumes(Instruction i, StageState state)
    {
        var volumes = JsonWords.Read(i.Arguments)?.Select(v => state.Expansion.Of(i, v)).ToArray() ?? Words.Split(i, i.Arguments, state.Expansion);
        if (volumes.Count == 0 || volumes.Any(v => v.Length == 0)) throw i.Wrong("needs a folder");
        state.Config = state.Config with { Volumes = Union(state.Config.Volumes, volumes) };
        return $"VOLUME [{string.Join(' ', volumes)}]";
    }

    private static string Maintainer(Instruction i, StageState state)
    {
        state.Author = i.Arguments.Length > 0 ? i.Arguments : throw i.Wrong("needs a name");
        return $"MAINTAINER {i.Arguments}";
    }

    private static string Shell(Instruction i, StageState state)
    {
        var shell = JsonWords.Read(i.Arguments) is { Count: > 0 } words ? words : throw i.Wrong("takes the JSON form, such as [\"/bin/bash\", \"-c\"]");
        state.Config = state.Config.WithShell(shell);
        return $"SHELL [{string.Join(' ', shell)}]";
    }

    private static string OnBuild(Instruction i, StageState state)
    {
        var inner = InstructionReader.Inner(i);
        Grammar.CheckTrigger(i, inner);
        // What a here-document holds has to travel with it.
        var trigger = i.Arguments + string.Concat(i.Heredocs.Select(h => $"\n{h.Content}{h.Name}"));
        state.Config = state.Config.WithOnBuild([.. state.Config.OnBuild(), trigger]);
        return $"ONBUILD {i.Arguments}";
    }

    private static string Health(Instruction i, StageState state)
    {
        var check = Healthcheck.Read(i);
        state.Config = state.Config.WithHealthcheck(check);
        return $"HEALTHCHECK {check}";
    }

    private static IReadOnlyList<string> Arguments(Instruction i, StageState state) =>
        i.Arguments.Length == 0 ? throw i.Wrong("needs a command") : JsonWords.Read(i.Arguments) ?? [.. state.Config.Shell(), i.Arguments];

    private static string One(Instruction i, StageState state) =>
        state.Expansion.Of(i, i.Arguments) is { Length: > 0 } only && !only.AsSpan().ContainsAny(' ', '\t') ? only : throw i.Wrong("takes exactly one argument");

    private static SortedDictionary<string, EmptyObject> Union(IReadOnlyDictionary<string, EmptyObject>? present, IEnumerable<string> more)
    {
        var all = new SortedDictionary<string, EmptyObject>(StringComparer.Ordinal);
        foreach (var key in (present?.Keys ?? []).Concat(more)) all[key] = EmptyObject.Instance;
        return all;
    }
}
