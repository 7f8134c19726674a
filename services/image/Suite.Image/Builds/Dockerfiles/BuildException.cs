using Suite.Linux.Errors;

namespace Suite.Image.Builds.Dockerfiles;

/// <summary>What went wrong at a place of a Dockerfile; the sentence names the line, and an excerpt can be shown beside it.</summary>
internal sealed class BuildException(ErrorKind kind, int line, int endLine, string sentence, Exception? inner = null)
    : SuiteException(kind, $"Dockerfile line {line}: {sentence}", inner)
{
    public BuildException(ErrorKind kind, Instruction at, string sentence, Exception? inner = null)
        : this(kind, at.Line, at.EndLine, sentence, inner)
    {
    }

    /// <summary>From 1.</summary>
    public int Line { get; } = line;

    public int EndLine { get; } = endLine;
}
