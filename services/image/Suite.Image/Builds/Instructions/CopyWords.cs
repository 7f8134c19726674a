using Suite.Image.Builds.Copies;
using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Stages;
using Suite.Image.Builds.Variables;

namespace Suite.Image.Builds.Instructions;

/// <summary>COPY or ADD with its variables put in.</summary>
/// <param name="Destination">Absolute.</param>
internal sealed record CopyWords(Instruction At, IReadOnlyList<string> Sources, IReadOnlyList<(string Word, Heredoc File)> Inline, string Destination)
{
    public string From => At.Flag("from") ?? "";

    public string Owner { get; private init; } = "";

    public string Mode { get; private init; } = "";

    public bool Link { get; private init; }

    public bool Parents { get; private init; }

    /// <summary>Null: local archives are unpacked, and those from URLs are not.</summary>
    public bool? Unpack { get; private init; }

    /// <summary>A digest, or a commit; empty: any.</summary>
    public string Checksum { get; private init; } = "";

    /// <summary>Null: not said.</summary>
    public bool? KeepGitDirectory { get; private init; }

    public IReadOnlyList<string> Excluded { get; private init; } = [];

    public static CopyWords Read(Instruction i, StageState state)
    {
        var expansion = state.Expansion;
        var words = i.Heredocs.Count == 0 && JsonWords.Read(i.Arguments) is { } json
            ? json.Select(w => (Raw: w, Word: expansion.Of(i, w))).ToArray()
            : [.. Words.SplitRaw(i, i.Arguments).Select(w => (Raw: w, Word: HeredocReader.Begun(w) is null ? expansion.Of(i, w) : w))];
        if (words.Length < 2) throw i.Wrong("takes at least one source and a destination");
        var inline = new List<(string, Heredoc)>();
        var sources = new List<string>();
        foreach (var (raw, word) in words[..^1])
        {
            if (HeredocReader.Begun(raw) is not null && i.Heredocs.Count > inline.Count) inline.Add((raw, Filled(i, i.Heredocs[inline.Count], expansion)));
            else sources.Add(word.Length > 0 ? word : throw i.Wrong("has a source that is empty"));
        }

        var destination = words[^1].Word;
        var absolute = destination is "." or "./" or "" ? state.Absolute("") : state.Absolute(destination);
        if (words.Length > 2 && !absolute.EndsWith('/')) throw i.Wrong("with several sources needs a destination that ends with '/'");
        return new CopyWords(i, sources, inline, absolute)
        {
            Owner = Expanded(i, expansion, "chown"), Mode = Expanded(i, expansion, "chmod"), Link = i.IsOn("link"), Parents = i.IsOn("parents"),
            Unpack = i.Flag("unpack") is null ? null : i.IsOn("unpack"), Checksum = ChecksumOf(i, sources, Expanded(i, expansion, "checksum")),
            KeepGitDirectory = i.Flag("keep-git-dir") is null ? null : i.IsOn("keep-git-dir"), Excluded = [.. i.FlagsOf("exclude").Select(e => expansion.Of(i, e))],
        };
    }

    /// <summary>As BuildKit writes it into an image's history.</summary>
    public string History()
    {
        var flags = (Parents ? " --parents" : "") + (Owner.Length > 0 ? $" --chown={Owner}" : "") + (Mode.Length > 0 ? $" --chmod={Mode}" : "");
        var files = string.Concat(Sources.Select(s => " " + s)) + string.Concat(Inline.Select(h => $" <<{h.File.Name}"));
        return $"{At.Keyword}{flags}{files} {Destination} # buildkit";
    }

    private static Heredoc Filled(Instruction i, Heredoc file, Expansion expansion) =>
        file with { Content = file.Expand ? expansion.OfText(i, file.Text) : file.Text, Chomp = false };

    private static string Expanded(Instruction i, Expansion expansion, string flag) => i.Flag(flag) is { } text ? expansion.Of(i, text) : "";

    /// <summary>Of something that comes from elsewhere, and only of one thing.</summary>
    private static string ChecksumOf(Instruction i, List<string> sources, string checksum)
    {
        if (checksum.Length == 0) return "";
        if (sources.Count != 1) throw i.Wrong("has a --checksum, and more than one source that it could be of");
        return AddedUrl.IsOne(sources[0]) || AddedGit.IsOne(i, sources[0]) ? checksum : throw i.Wrong("has a --checksum, which is for what comes from a URL or a git repository");
    }
}
