using Suite.Linux.Errors;

namespace Suite.Image.Graph.Drivers;

/// <summary>Ids of layers and keys of root file systems.</summary>
internal static class LayerId
{
    /// <summary>They become path components, words of a mount option and names of devices: nothing else may be in them.</summary>
    public static string Checked(string id) =>
        id.Length is > 0 and <= 128 && id[0] != '.' && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? id
            : throw new SuiteException(ErrorKind.InvalidArgument, $"'{id}' cannot be an id: letters, digits, '-', '_' and '.' are allowed, 128 at most.");
}
