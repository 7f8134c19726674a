using System.Text;
using Suite.Image.Graph.Layers;
using Suite.Image.Graph.Overlay;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using Suite.Testing.Files;
using Suite.Testing.Requirements;

namespace Suite.Root.Tests.Graph;

/// <summary>Archives that try to write, link or delete outside of the directory they are unpacked into.</summary>
public sealed class LayerEscapeTests : IDisposable
{
    private readonly TempFolder _folder = new("image-escape");

    public LayerEscapeTests() => _folder.File("outside/victim", "untouched");

    public void Dispose() => _folder.Dispose();

    [RootTheory]
    [InlineData("../outside/victim")]
    [InlineData("a/../../outside/victim")]
    [InlineData("a/..")]
    [InlineData("..")]
    [InlineData("./../x")]
    [InlineData("/../outside/victim")]
    public void A_name_with_two_dots_is_refused_by_name(string name) => Refused(name, File(name));

    [RootFact]
    public void An_absolute_name_is_below_the_root()
    {
        Apply(File("/etc/passwd"));
        Assert.True(System.IO.File.Exists(_folder.Path("root/etc/passwd")));
    }

    [RootTheory]
    [InlineData("../outside")]
    [InlineData("/outside")]
    [InlineData("../../../../../../../../../../../../..")]
    [InlineData("/proc/self/root")]
    public void Writing_through_a_link_stays_inside_or_is_refused(string target)
    {
        try
        {
            Apply(Link("l", target), File("l/victim"), File("l/deep/new"));
        }
        catch (SuiteException e)
        {
            Assert.Equal(ErrorKind.Corrupt, e.Kind);
        }

        Untouched();
    }

    [RootFact]
    public void A_link_is_replaced_and_never_written_through()
    {
        Apply(Link("l", _folder.Path("outside/victim")), File("l"));
        Untouched();
        Assert.Null(new FileInfo(_folder.Path("root/l")).LinkTarget);
    }

    [RootTheory]
    [InlineData("../outside/victim")]
    [InlineData("l/victim")]
    [InlineData("/outside/victim")]
    [InlineData("l")]
    public void A_hard_link_out_of_the_root_is_refused(string target)
    {
        var link = new TarEntry { Type = TarEntryType.HardLink, Name = "h"u8.ToArray(), LinkName = Encoding.UTF8.GetBytes(target) };
        if (target == "l") Apply(Link("l", "../outside/victim"), link); // links the link itself
        else Refused("h", Link("l", "../outside"), link);
        Assert.Equal(1u, Links("outside/victim"));
    }

    [RootFact]
    public void A_whiteout_through_a_link_deletes_nothing_outside()
    {
        Assert.ThrowsAny<SuiteException>(() => Apply(Link("l", "/nowhere/at/all"), File("l/.wh.victim")));
        Untouched();
    }

    [RootTheory]
    [InlineData(".wh.")]
    [InlineData("a/.wh..")]
    [InlineData(".wh...")]
    public void A_whiteout_of_no_name_is_refused(string name) => Refused(name, File(name));

    [RootFact]
    public void The_root_itself_cannot_be_replaced()
    {
        Refused(".", Link(".", "/etc"));
        Refused("./.", File("./."));
    }

    [RootFact]
    public void Attributes_that_speak_to_overlayfs_are_left_out()
    {
        var directory = new TarEntry { Type = TarEntryType.Directory, Name = "d"u8.ToArray(), Mode = 0x1ED };
        directory.Xattrs.Add(("trusted.overlay.redirect"u8.ToArray(), "/etc"u8.ToArray()));
        directory.Xattrs.Add(("user.kept"u8.ToArray(), [0, 255, 1]));
        Apply((directory, ""));
        var opened = FileCalls.OpenAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(_folder.Path("root/d")), 0);
        Span<byte> value = stackalloc byte[16];
        Assert.Equal(-ErrnoNames.ENODATA, Xattr.Get(opened, "trusted.overlay.redirect"u8, value));
        Assert.Equal(3, Xattr.Get(opened, "user.kept"u8, value));
        FileCalls.Close(opened);
    }

    [RootFact]
    public void A_directory_replaced_by_a_file_and_by_a_directory_again_ends_as_written()
    {
        var directory = new TarEntry { Type = TarEntryType.Directory, Name = "a"u8.ToArray(), Mode = 0x1ED };
        Apply(File("a/b/c"), File("a"), (directory, ""), File("a/b/y"));
        Assert.Equal([_folder.Path("root/a/b/y")], Directory.GetFiles(_folder.Path("root"), "*", SearchOption.AllDirectories));
        Refused("f/x", File("f"), File("f/x"));
    }

    private void Refused(string name, params (TarEntry Entry, string Content)[] entries)
    {
        var error = Assert.Throws<SuiteException>(() => Apply(entries));
        Assert.Equal(ErrorKind.Corrupt, error.Kind);
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
        Untouched();
    }

    private void Refused(string name, (TarEntry, string) first, TarEntry second) => Refused(name, first, (second, ""));

    private void Apply((TarEntry, string) first, TarEntry second) => Apply(first, (second, ""));

    private void Apply(params (TarEntry Entry, string Content)[] entries)
    {
        var archive = new MemoryStream();
        var writer = new TarWriter(archive);
        foreach (var (entry, content) in entries)
        {
            writer.Begin(entry);
            writer.Write(Encoding.UTF8.GetBytes(content));
        }

        writer.Finish();
        archive.Position = 0;
        var whiteouts = new OverlayLower();
        using var root = new LayerRoot(_folder.Folder("root"), whiteouts);
        new LayerApplier(root, whiteouts).Apply(new TarReader(archive), TestContext.Current.CancellationToken);
    }

    private void Untouched()
    {
        Assert.Equal("untouched", System.IO.File.ReadAllText(_folder.Path("outside/victim")));
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder.Path("outside")));
    }

    private uint Links(string path)
    {
        FileCalls.StatAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(_folder.Path(path)), out var status);
        return status.Links;
    }

    private static (TarEntry, string) File(string name, string content = "new") =>
        (new TarEntry { Name = Encoding.UTF8.GetBytes(name), Mode = 0x1A4, Size = content.Length }, content);

    private static (TarEntry, string) Link(string name, string target) =>
        (new TarEntry { Type = TarEntryType.SymbolicLink, Name = Encoding.UTF8.GetBytes(name), LinkName = Encoding.UTF8.GetBytes(target), Mode = 0x1FF }, "");
}
