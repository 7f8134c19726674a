using Suite.Linux.Errors;
using Suite.Runtime.Pods;

namespace Suite.Runtime.Volumes;

/// <summary>A folder that outlives containers.</summary>
/// <param name="CreatedAt">Nanoseconds since the epoch.</param>
/// <param name="Anonymous">Made for one container, whose name for it nobody chose.</param>
internal sealed record Volume(string Name, long CreatedAt, bool Anonymous)
{
    public IReadOnlyDictionary<string, string> Labels { get; init; } = NoLabels.Instance;
}

/// <summary>What a volume may be called.</summary>
internal static class VolumeNames
{
    public const int Longest = 128;

    /// <summary>As Docker's: a letter or digit, and then those and "_.-". A part of a path for us, so nothing else.</summary>
    public static string Check(string name, string field) =>
        name.Length is > 0 and <= Longest && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-')
            ? name
            : throw new SuiteException(ErrorKind.InvalidArgument, $"{field}: {name} is not a volume's name: letters, digits, '_', '.' and '-', {Longest} at most, a letter or digit first");
}
