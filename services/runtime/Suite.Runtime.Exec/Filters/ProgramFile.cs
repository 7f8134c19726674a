namespace Suite.Runtime.Exec.Filters;

/// <summary>A compiled filter on disk. That it is missing, cut or cannot be written costs time and nothing else.</summary>
internal static class ProgramFile
{
    private const int InstructionSize = 8;

    // BPF_MAXINSNS (linux/bpf_common.h).
    private const int MaxSize = 4096 * InstructionSize;

    public static byte[]? TryRead(string? path)
    {
        if (path is null)
            return null;
        try
        {
            var bytes = File.ReadAllBytes(path);
            return bytes.Length is > 0 and <= MaxSize && bytes.Length % InstructionSize == 0 ? bytes : null;
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

    public static void Keep(string? path, byte[] program)
    {
        if (path is null || File.Exists(path))
            return;
        try
        {
            // Somebody who may write here decides what containers may do: for root alone, from the first instant.
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var draft = $"{path}.{Environment.ProcessId}";
            File.WriteAllBytes(draft, program);
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
