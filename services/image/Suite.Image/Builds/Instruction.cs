using Suite.Linux.Errors;

namespace Suite.Image.Builds;

/// <summary>One instruction of a Dockerfile.</summary>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Keyword">In capitals.</param>
/// <param name="Flags">--name=value before the arguments.</param>
/// <param name="Arguments">The rest, continuation lines joined.</param>
/// <param name="Text">As written, for people.</param>
internal sealed record Instruction(int Line, string Keyword, IReadOnlyDictionary<string, string> Flags, string Arguments, string Text)
{
    public SuiteException Wrong(string why) => new(ErrorKind.InvalidArgument, $"Dockerfile line {Line}: {Keyword} {why}.");

    public SuiteException NotBuilt(string what) =>
        new(ErrorKind.Unsupported, $"Dockerfile line {Line}: {what} is not supported yet.");
}
