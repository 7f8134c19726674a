using System.Formats.Tar;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Copies;
using Suite.Testing.Files;

namespace Suite.Runtime.Tests.Copies;

/// <summary>Archives of strangers stay inside the root, whatever is in them.</summary>
public sealed class UnpackTarTests : IDisposable
{
    private readonly TempFolder _outside = new("unpack");
    private readonly string _root;

    public UnpackTarTests()
    {
        _root = _outside.Folder("root");
        Directory.CreateDirectory(Path.Combine(_root, "in"));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_folders_and_links_arrive_with_their_modes()
    {
        await UnpackAsync(File("a/b/file", "hello", 0x1a0), Link("a/link", "b/file"), Hard("a/hard", "a/b/file"), Owned(new PaxTarEntry(TarEntryType.Directory, "empty/")));
        Assert.Equal("hello", System.IO.File.ReadAllText(Path.Combine(_root, "in/a/link")));
        Assert.Equal((UnixFileMode)0x1a0, System.IO.File.GetUnixFileMode(Path.Combine(_root, "in/a/hard")));
        Assert.True(Directory.Exists(Path.Combine(_root, "in/empty")));
    }

    [Fact]
    public async Task Links_and_dots_lead_nowhere_but_within()
    {
        var victim = _outside.File("victim", "whole");
        await UnpackAsync(Link("out", _outside.FullName), File("out/victim", "broken", 0x1a4), File("../../../victim", "broken", 0x1a4), Link("over", victim), File("over", "mine", 0x1a4));
        Assert.Equal("whole", System.IO.File.ReadAllText(victim));
        Assert.Equal("mine", System.IO.File.ReadAllText(Path.Combine(_root, "in/over")));
        Assert.Equal("broken", System.IO.File.ReadAllText(Path.Combine(_root, "victim")));
    }

    [Fact]
    public async Task Devices_and_rubbish_are_refused()
    {
        var device = new PaxTarEntry(TarEntryType.CharacterDevice, "null") { DeviceMajor = 1, DeviceMinor = 3 };
        Assert.Contains("CharacterDevice", (await Assert.ThrowsAsync<SuiteException>(() => UnpackAsync(device))).Message);
        using var root = Open();
        foreach (var seed in Enumerable.Range(0, 50))
        {
            var noise = new byte[2048];
            new Random(seed).NextBytes(noise);
            var failure = await Record.ExceptionAsync(() => new UnpackTar(root, "/in", toRoot: false).UnpackAsync(new MemoryStream(noise), Token));
            Assert.True(failure is null or SuiteException { Kind: ErrorKind.InvalidArgument }, failure?.ToString());
        }
    }

    public void Dispose() => _outside.Dispose();

    private async Task UnpackAsync(params TarEntry[] entries)
    {
        var archive = new MemoryStream();
        await using (var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var entry in entries)
                await tar.WriteEntryAsync(entry, Token);
        }
        archive.Position = 0;
        using var root = Open();
        await new UnpackTar(root, "/in", toRoot: false).UnpackAsync(archive, Token);
    }

    private SafeFileHandle Open() => new(Descriptor.Open(_root, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY), ownsHandle: true);

    // As the tests' own user: only root may give files away.
    private static PaxTarEntry File(string name, string text, int mode) => Owned(new PaxTarEntry(TarEntryType.RegularFile, name)
    {
        DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)), Mode = (UnixFileMode)mode,
    });

    private static PaxTarEntry Link(string name, string target) => Owned(new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target });

    private static PaxTarEntry Hard(string name, string target) => Owned(new PaxTarEntry(TarEntryType.HardLink, name) { LinkName = target });

    private static PaxTarEntry Owned(PaxTarEntry entry)
    {
        (entry.Uid, entry.Gid) = ((int)(uint)Tmds.Linux.LibC.geteuid(), (int)(uint)Tmds.Linux.LibC.getegid());
        return entry;
    }
}
