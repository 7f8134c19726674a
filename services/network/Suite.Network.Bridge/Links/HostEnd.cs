using System.Security.Cryptography;

namespace Suite.Network.Bridge.Links;

/// <summary>The names of links' ends in the host: the instance's, then some letters at random; at most 15 characters.</summary>
public static class HostEnd
{
    /// <summary>Without vowels there are no words in it, and without 0 and 1 no mistaking them.</summary>
    private const string Alphabet = "23456789bcdfghjklmnpqrstvwxz";
    private const int Letters = 6;

    public static string PrefixOf(string instance) => instance + "-";

    internal static string NewName(string instance) => PrefixOf(instance) + RandomNumberGenerator.GetString(Alphabet, Letters);
}
