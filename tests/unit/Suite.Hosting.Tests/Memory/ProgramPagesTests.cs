using System.Globalization;
using System.Text;
using Suite.Hosting.Memory;

namespace Suite.Hosting.Tests.Memory;

public sealed class ProgramPagesTests
{
    private const string Smaps = """
        00404000-00dc9000 r-xp 00004000 fe:00 5415154                            /usr/bin/suite-registry
        Size:              10004 kB
        Private_Dirty:         0 kB
        Anonymous:             0 kB
        AnonHugePages:         0 kB
        00dc9000-0109c000 r--p 009c9000 fe:00 5415154                            /usr/bin/suite-registry
        Private_Dirty:         8 kB
        Anonymous:             8 kB
        01442000-019d8000 rw-p 01042000 fe:00 5415154                            /usr/bin/suite-registry
        Anonymous:             0 kB
        7f3b12000000-7f3b121e1000 r--p 00000000 00:00 0
        Anonymous:             0 kB
        7f3b12400000-7f3b125a1000 r--s 00000000 fe:00 1234                       /usr/lib/locale/one
        Anonymous:             0 kB
        7ffcfd5f0000-7ffcfd611000 r-xp 00000000 00:00 0                          [vdso]
        Anonymous:             0 kB
        7f3b13400000-7f3b13401000 r--p 00000000 fe:00 99                         /usr/lib/libc.so.6
        Private_Dirty:         0 kB
        Anonymous:             0 kB
        """;

    [Fact]
    public void Only_what_cannot_be_written_and_was_not_is_unmapped()
    {
        (nuint, nuint)[] wanted = [(0x404000, 0xdc9000 - 0x404000), (unchecked((nuint)0x7f3b13400000), 0x1000)];
        Assert.Equal(wanted, ProgramPages.Find(new MemoryStream(Encoding.ASCII.GetBytes(Smaps + "\n"))));
    }

    [Fact]
    public void However_long_the_list_is_every_mapping_is_found_once()
    {
        var many = string.Concat(Enumerable.Range(0, 1000).Select(i => $"{0x1000000 + (i * 0x10000):x}-{0x1001000 + (i * 0x10000):x} r-xp 00000000 fe:00 1   /usr/lib/{new string('x', i)}\nSize: 4 kB\nAnonymous:             {i % 2} kB\n"));
        var found = ProgramPages.Find(new MemoryStream(Encoding.ASCII.GetBytes(many)));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => ((nuint)(0x1000000 + (i * 0x20000)), (nuint)0x1000)), found);
    }

    [Fact]
    public void What_is_mapped_shrinks_and_the_program_goes_on()
    {
        var before = Resident();
        ProgramPages.Release();
        var after = Resident();
        Assert.True(after < before - 1024, $"{before} KiB of files were mapped before, {after} KiB after");
    }

    /// <summary>KiB of files in the memory of this process.</summary>
    private static long Resident() => long.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("RssFile:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture);
}
