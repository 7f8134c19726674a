using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Oci.Containers;

/// <summary>A file that a reader finds whole or not at all.</summary>
internal static class AtomicFile
{
    public static void Write(string path, ReadOnlySpan<byte> contents, uint mode)
    {
        var slash = path.LastIndexOf('/');
        var temporary = $"{path[..(slash + 1)]}.{path[(slash + 1)..]}";
        var file = Descriptor.Open(temporary, O_WRONLY | O_CREAT | O_TRUNC, mode);
        var error = FileCalls.WriteAll(file, contents);
        Descriptor.Close(file);
        try
        {
            if (error < 0)
                throw new ErrnoException($"write {path}", -error);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ErrnoException)
        {
            Descriptor.TryUnlink(temporary);
            throw failure as ErrnoException ?? new SuiteException(ErrorKind.FailedPrecondition, $"write {path}: {failure.Message}", failure);
        }
    }
}
