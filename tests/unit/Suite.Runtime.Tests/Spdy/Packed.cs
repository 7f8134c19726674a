namespace Suite.Runtime.Tests.Spdy;

/// <summary>What zlib's own compressor makes of two header blocks.</summary>
internal static class Packed
{
    public const string First = "78bbe3c6a7c202a62346703a2b294a4dcc851625aca9a08006000000ffff";
    public const string Second = "02651c4ca9e21260768194d845a0d4cd646100000000ffff";
}
