using Suite.Linux.Errors;

namespace Suite.Image.Builds.Dockerfiles;

/// <summary>One instruction of a Dockerfile.</summary>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="EndLine">Its last line, here-documents included.</param>
/// <param name="Keyword">In capitals.</param>
/// <param name="Flags">--name=value before the arguments, in their order; some may be given more than once.</param>
/// <param name="Arguments">The rest, continuation lines joined.</param>
/// <param name="Text">As written, on one line, for people.</param>
internal sealed record Instruction(int Line, int EndLine, string Keyword, IReadOnlyList<InstructionFlag> Flags, string Arguments, string Text)
{
    public IReadOnlyList<Heredoc> Heredocs { get; init; } = [];

    /// <summary>The character that takes away the meaning of the next one.</summary>
    public char Escape { get; init; } = '\\';

    /// <summary>As written.</summary>
    public string Spelling { get; init; } = "";

    /// <summary>The comment lines right above, without their marks.</summary>
    public IReadOnlyList<string> Comments { get; init; } = [];

    public string? Flag(string name) => Flags.LastOrDefault(f => f.Name == name)?.Value;

    public IEnumerable<string> FlagsOf(string name) => Flags.Where(f => f.Name == name).Select(f => f.Value);

    /// <summary>A flag that is on by its name alone.</summary>
    public bool IsOn(string name) => Flag(name) switch
    {
        null or "false" => false,
        "" or "true" => true,
        var other => throw Wrong($"has --{name}={other}: it takes true or false"),
    };

    public SuiteException Wrong(string why) => new BuildException(ErrorKind.InvalidArgument, this, $"{Keyword} {why}.");

    public SuiteException Failed(ErrorKind kind, string sentence, Exception? inner = null) => new BuildException(kind, this, sentence, inner);

    public SuiteException NotBuilt(string what) => new BuildException(ErrorKind.Unsupported, this, $"{what} is not supported.");
}

/// <summary>A flag of an instruction; empty when it has no value.</summary>
internal sealed record InstructionFlag(string Name, string Value);

/// <summary>A here-document of an instruction.</summary>
/// <param name="Name">What ends it, and the name of the file that COPY and ADD make of it.</param>
/// <param name="Expand">Whether variables are put in: not when its name is quoted.</param>
/// <param name="Chomp">Tabs at the beginning of its lines are no part of it.</param>
/// <param name="Content">As written, each line with its end.</param>
internal sealed record Heredoc(string Name, bool Expand, bool Chomp, string Content)
{
    /// <summary>Without what <c>&lt;&lt;-</c> takes away.</summary>
    public string Text => Chomp ? string.Concat(Content.Split('\n').Select((line, at) => (at > 0 ? "\n" : "") + line.TrimStart('\t'))) : Content;
}
