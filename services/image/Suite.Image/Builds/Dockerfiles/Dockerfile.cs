namespace Suite.Image.Builds.Dockerfiles;

/// <summary>A Dockerfile, read and not yet understood.</summary>
/// <param name="EmptyContinuations">The last lines of instructions that have an empty line within.</param>
internal sealed record Dockerfile(IReadOnlyList<Instruction> Instructions, Directives Directives, IReadOnlyList<int> EmptyContinuations);

/// <summary>What the first lines say about the file itself.</summary>
/// <param name="Syntax">The front end that the author asked for; the one built in is used whatever it is.</param>
/// <param name="Check">Which warnings are wanted: <c>skip=…;error=…;experimental=…</c>.</param>
internal sealed record Directives(string Syntax, char Escape, string Check)
{
    public static Directives None { get; } = new("", '\\', "");
}
