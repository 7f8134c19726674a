using System.Globalization;
using Suite.Linux.Native;

namespace Suite.Hosting.Memory;

/// <summary>
/// Unmaps the code and the constants of the program and its libraries. They stay in the page cache, and the next call of a function maps it
/// again: what is counted as the service's memory from then on is what it uses, without what only its start or its busiest moment did.
/// </summary>
internal static class ProgramPages
{
    public static void Release()
    {
        try
        {
            // First all, then the calls: the list is of the mappings as they are.
            foreach (var (start, length) in Find(File.ReadLines("/proc/self/smaps")).ToList())
                _ = Mman.madvise(start, length, Mman.MADV_DONTNEED);
        }
        catch (IOException)
        {
            // No /proc: memory is not given back, and nothing else is the matter.
        }
    }

    /// <summary>Mappings of files that cannot be written and hold no page of their own, so that nothing is lost with them (proc_pid_smaps(5)).</summary>
    internal static IEnumerable<(nuint Start, nuint Length)> Find(IEnumerable<string> smaps)
    {
        (nuint Start, nuint End) candidate = default;
        foreach (var line in smaps)
        {
            if (Mapping(line, out var start, out var end, out var isCandidate))
                candidate = isCandidate ? (start, end) : default;
            else if (candidate.End > 0 && line.StartsWith("Anonymous:", StringComparison.Ordinal) && line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] == "0")
                yield return (candidate.Start, candidate.End - candidate.Start);
        }
    }

    /// <summary>Reads "00404000-00dc9000 r-xp 00004000 fe:00 5415154   /usr/bin/suite"; false for the lines below it.</summary>
    private static bool Mapping(string line, out nuint start, out nuint end, out bool isCandidate)
    {
        (start, end, isCandidate) = (0, 0, false);
        var dash = line.IndexOf('-', StringComparison.Ordinal);
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (dash < 0 || space < dash || line.Length < space + 5 || !nuint.TryParse(line.AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out start)
            || !nuint.TryParse(line.AsSpan(dash + 1, space - dash - 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out end))
        {
            return false;
        }

        var rights = line.AsSpan(space + 1, 4);
        isCandidate = rights[0] == 'r' && rights[1] == '-' && rights[3] == 'p' && line.Contains(" /", StringComparison.Ordinal);
        return true;
    }
}
