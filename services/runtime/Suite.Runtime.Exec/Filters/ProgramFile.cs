using System.Buffers.Binary;

namespace Suite.Runtime.Exec.Filters;

/// <summary>
/// A compiled filter on disk: the length of its source, the source, the program. That it is missing, cut, of another source or cannot
/// be written costs time and nothing else.
/// </summary>
internal static class ProgramFile
{
    private const int InstructionSize = 8;

    // BPF_MAXINSNS (linux/bpf_common.h).
    private const int MaxSize = 4096 * InstructionSize;

    /// <returns>Null: there is none that was compiled from this source.</returns>
    public static byte[]? TryRead(string? path, ReadOnlySpan<byte> source)
    {
        if (path is null)
            return null;
        try
        {
            var bytes = File.ReadAllBytes(path).AsSpan();
            if (bytes.Length < sizeof(int) + source.Length || BinaryPrimitives.ReadInt32LittleEndian(bytes) != source.Length)
                return null;
            var program = bytes[(sizeof(int) + source.Length)..];
            var whole = program.Length is > 0 and <= MaxSize && program.Length % InstructionSize == 0;
            return whole && bytes.Slice(sizeof(int), source.Length).SequenceEqual(source) ? program.ToArray() : null;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static void Keep(string? path, ReadOnlySpan<byte> source, byte[] program)
    {
        if (path is null)
            return;
        try
        {
            // Somebody who may write here decides what containers may do: for root alone, from the first instant.
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var draft = $"{path}.{Environment.ProcessId}";
            var length = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(length, source.Length);
            File.WriteAllBytes(draft, [.. length, .. source, .. program]);
            File.Move(draft, path, overwrite: true);
        }
        catch (IOException)
        {
            // A full disk: the next one compiles again.
        }
        catch (UnauthorizedAccessException)
        {
            // A read-only folder: likewise.
        }
    }
}
