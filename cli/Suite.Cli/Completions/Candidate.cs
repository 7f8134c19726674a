namespace Suite.Cli.Completions;

/// <summary>What a word can become, and a few words about it for the shells that show them.</summary>
internal sealed record Candidate(string Word, string About = "")
{
    /// <summary>As fish reads it, and the scripts for the others take apart.</summary>
    public string Line => About.Length > 0 ? $"{Word}\t{About}" : Word;
}
