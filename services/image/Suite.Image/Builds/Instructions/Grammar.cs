using Suite.Image.Builds.Dockerfiles;

namespace Suite.Image.Builds.Instructions;

/// <summary>Which instructions there are and which flags they take. Everything unknown is said before anything is done.</summary>
internal static class Grammar
{
    private static readonly Dictionary<string, string[]> Flags = new(StringComparer.Ordinal)
    {
        ["ADD"] = ["chown", "chmod", "link", "keep-git-dir", "checksum", "unpack", "exclude"],
        ["ARG"] = [],
        ["CMD"] = [],
        ["COPY"] = ["from", "chown", "chmod", "link", "exclude", "parents"],
        ["ENTRYPOINT"] = [],
        ["ENV"] = [],
        ["EXPOSE"] = [],
        ["FROM"] = ["platform"],
        ["HEALTHCHECK"] = ["interval", "timeout", "start-period", "start-interval", "retries"],
        ["LABEL"] = [],
        ["MAINTAINER"] = [],
        ["ONBUILD"] = [],
        ["RUN"] = ["mount", "network", "security", "device"],
        ["SHELL"] = [],
        ["STOPSIGNAL"] = [],
        ["USER"] = [],
        ["VOLUME"] = [],
        ["WORKDIR"] = [],
    };

    public static void Check(Instruction i)
    {
        if (!Flags.TryGetValue(i.Keyword, out var allowed))
            throw i.Failed(Linux.Errors.ErrorKind.InvalidArgument, $"there is no instruction '{i.Spelling}'{Nearest(i.Keyword)}.");
        if (i.Flags.Select(f => f.Name).Except(allowed).FirstOrDefault() is { } flag) throw i.Wrong($"takes no flag --{flag}");
        if (i.Flags.GroupBy(f => f.Name).FirstOrDefault(g => g.Key is not ("mount" or "exclude" or "device") && g.Count() > 1) is { } twice)
            throw i.Wrong($"has --{twice.Key} twice");
        if (i.Arguments.Length == 0) throw i.Wrong("needs arguments");
        if (i.Keyword == "ONBUILD") CheckTrigger(i, InstructionReader.Inner(i));
    }

    public static void CheckTrigger(Instruction onbuild, Instruction inner)
    {
        if (inner.Keyword is "ONBUILD" or "FROM" or "MAINTAINER") throw onbuild.Wrong($"cannot have {inner.Keyword}");
        Check(inner);
    }

    private static string Nearest(string keyword)
    {
        var (distance, nearest) = Flags.Keys.Select(k => (Likeness.Distance(k, keyword), k)).Min();
        return distance <= 2 ? $" (did you mean {nearest}?)" : "";
    }
}
