using System.Text;
using Suite.Linux.Handles;

namespace Suite.Runtime.Oci.Outputs;

/// <summary>Standard output and error without the runtime's console, which would begin to watch the terminal.</summary>
internal static class Output
{
    public static void Line(string text) => Text(text + "\n");

    public static void Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));

    public static void Bytes(ReadOnlySpan<byte> bytes) => new StandardOutput(1).Write(bytes);

    public static void Error(string text) => new StandardOutput(2).Write(Encoding.UTF8.GetBytes(text + "\n"));
}
