using System.Text;

namespace Suite.Cli.Machine;

/// <summary>The last lines of a log, from a remembered position on: what a service said since it was started.</summary>
internal static class LogTail
{
    private const int Most = 16 << 10;

    public static long Position(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;

    public static IReadOnlyList<string> Read(string file, long from, int lines)
    {
        if (!File.Exists(file))
            return [];
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = Math.Min(stream.Length, Math.Max(from, stream.Length - Most));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(lines)];
    }
}
