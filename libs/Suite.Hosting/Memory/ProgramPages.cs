using System.Buffers.Text;
using Suite.Linux.Native;

namespace Suite.Hosting.Memory;

/// <summary>
/// Unmaps the code and the constants of the program and its libraries. They stay in the page cache, and the next call of a function maps it
/// again: what is counted as the service's memory from then on is what it uses, without what only its start or its busiest moment did.
/// </summary>
internal static class ProgramPages
{
    private const int ChunkSize = 4096;

    public static void Release()
    {
        try
        {
            // First all, then the calls: the list is of the mappings as they are.
            foreach (var (start, length) in Find(File.OpenRead("/proc/self/smaps")))
                _ = Mman.madvise(start, length, Mman.MADV_DONTNEED);
        }
        catch (IOException)
        {
            // No /proc: memory is not given back, and nothing else is the matter.
        }
    }

    /// <summary>
    /// Mappings of files that cannot be written and hold no page of their own, so that nothing is lost with them (proc_pid_smaps(5)). Three
    /// thousand lines are read for them, as bytes: as strings they would be the garbage that has just been collected.
    /// </summary>
    internal static IReadOnlyList<(nuint Start, nuint Length)> Find(Stream smaps)
    {
        var found = new List<(nuint, nuint)>();
        (nuint Start, nuint Length)? candidate = null;
        Span<byte> buffer = stackalloc byte[2 * ChunkSize];
        var filled = 0;
        using (smaps)
        {
            for (int read; (read = smaps.Read(buffer.Slice(filled, Math.Min(ChunkSize, buffer.Length - filled)))) > 0;)
            {
                filled += read;
                var begin = 0;
                for (int length; (length = buffer[begin..filled].IndexOf((byte)'\n')) >= 0; begin += length + 1)
                {
                    var line = buffer.Slice(begin, length);
                    if (IsMapping(line, out var mapping))
                        candidate = mapping;
                    else if (candidate is { } unused && IsWithoutPagesOfItsOwn(line))
                        found.Add(unused);
                }

                // A line of more than two chunks, which a path could make, is not understood and left out.
                filled = begin == 0 && filled == buffer.Length ? 0 : filled - begin;
                buffer.Slice(begin, filled).CopyTo(buffer);
            }
        }

        return found;
    }

    private static bool IsWithoutPagesOfItsOwn(ReadOnlySpan<byte> line) =>
        line.StartsWith("Anonymous:"u8) && line["Anonymous:"u8.Length..].Trim((byte)' ').SequenceEqual("0 kB"u8);

    /// <summary>Reads "00404000-00dc9000 r-xp 00004000 fe:00 5415154   /usr/bin/suite"; false for the lines below it.</summary>
    /// <param name="line">A line of smaps.</param>
    /// <param name="mapping">Where it is; null when it is not of the kind that can be given back.</param>
    private static bool IsMapping(ReadOnlySpan<byte> line, out (nuint Start, nuint Length)? mapping)
    {
        mapping = null;
        if (!Utf8Parser.TryParse(line, out ulong start, out var dash, 'x') || dash >= line.Length || line[dash] != '-'
            || !Utf8Parser.TryParse(line[(dash + 1)..], out ulong end, out var digits, 'x'))
        {
            return false;
        }

        var rights = line[(dash + 1 + digits)..].TrimStart((byte)' ');
        if (rights.Length > 4 && rights[0] == 'r' && rights[1] == '-' && rights[3] == 'p' && rights.IndexOf(" /"u8) >= 0)
            mapping = ((nuint)start, (nuint)(end - start));
        return true;
    }
}
