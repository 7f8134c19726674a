using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Suite.Image.Graph.Tar;
using Suite.Testing.Requirements;

namespace Suite.Contract.Tests.Graph;

/// <summary>What an entry can be, and that nothing of it is lost on the way into a root file system.</summary>
public abstract partial class GraphDriverContract
{
    [RootFact]
    public void Owners_modes_and_times_are_those_of_the_layer()
    {
        var entry = new TarEntry { Name = "suid"u8.ToArray(), Mode = 0x9ED, User = 12, Group = 34, ModifiedSeconds = 1_000_000, ModifiedNanoseconds = 123_000_000 };
        var old = new TarEntry { Name = "old"u8.ToArray(), Mode = 0x180, ModifiedSeconds = -86_400 };
        Layer("1", Archives.Directory("./", 0x1C0, user: 5), entry, old, Archives.Directory("d", 0x7FF), Archives.File("d/f"));
        using var root = Mount("k");
        Assert.Equal("104755 12 34", root.Stat("/suid"));
        Assert.Equal("40700 5 0", root.Stat("/"));
        Assert.Equal("43777 0 0", root.Stat("/d"));
        Assert.Equal((1_000_000L, 123_000_000u), (root.Status("/suid").ModifiedSeconds, root.Status("/suid").ModifiedNanoseconds));
        Assert.Equal(-86_400, root.Status("/old").ModifiedSeconds);
        Assert.Equal(2_000_000, root.Status("/d").ModifiedSeconds);
    }

    [RootFact]
    public void Hard_links_are_one_file()
    {
        Layer("1", Archives.Of(
            (Archives.File("a/f", "content"), "content"),
            (Archives.Link("a/g", "a/f", TarEntryType.HardLink), ""),
            (Archives.Link("h", "/a/g", TarEntryType.HardLink), "")));
        using var root = Mount("k");
        Assert.Equal(3u, root.Status("/a/f").Links);
        Assert.Equal("content", root.Read("/h"));
        Assert.Equal(root.Status("/a/f").Inode, root.Status("/h").Inode);
    }

    [RootFact]
    public void Extended_attributes_are_bytes()
    {
        byte[] capability = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        var file = Archives.File("ping");
        file.Mode = 0x1ED;
        file.Xattrs.Add(("security.capability"u8.ToArray(), capability));
        file.Xattrs.Add(("user.odd"u8.ToArray(), [0xff, 0, (byte)'\n', (byte)'=']));
        var directory = Archives.Directory("d");
        directory.Xattrs.Add(("user.d"u8.ToArray(), [0x80]));
        var link = Archives.Link("l", "ping");
        link.Xattrs.Add(("trusted.l"u8.ToArray(), [7]));
        link.Xattrs.Add(("user.not-for-links"u8.ToArray(), [7]));
        Layer("1", file, directory, link);
        using var root = Mount("k");
        var text = TreeText.Of(root.Path);
        Assert.EndsWith(" user.d=80", text[0], StringComparison.Ordinal);
        Assert.EndsWith(" trusted.l=07", text[1], StringComparison.Ordinal);
        Assert.EndsWith($" security.capability={Convert.ToHexStringLower(capability)} user.odd=ff000a3d", text[2], StringComparison.Ordinal);
    }

    [RootFact]
    public void Attributes_of_overlayfs_in_an_archive_mean_nothing()
    {
        var redirected = Archives.Directory("d");
        redirected.Xattrs.Add(("trusted.overlay.redirect"u8.ToArray(), "/secret"u8.ToArray()));
        redirected.Xattrs.Add(("trusted.overlay.opaque"u8.ToArray(), "y"u8.ToArray()));
        Layer("1", Archives.File("secret/x"), Archives.File("d/lower"));
        Layer("2", redirected);
        using var root = Mount("k");
        Assert.Equal(["/d/lower", "/secret/x"], root.Leaves());
    }

    [RootFact]
    public void Devices_and_pipes_are_made()
    {
        Layer("1",
            new TarEntry { Type = TarEntryType.CharacterDevice, Name = "null"u8.ToArray(), Mode = 0x1B6, DeviceMajor = 1, DeviceMinor = 3 },
            new TarEntry { Type = TarEntryType.BlockDevice, Name = "disk"u8.ToArray(), Mode = 0x1B0, Group = 6, DeviceMajor = 259, DeviceMinor = 70000 },
            new TarEntry { Type = TarEntryType.Fifo, Name = "pipe"u8.ToArray(), Mode = 0x180 });
        using var root = Mount("k");
        Assert.Equal("20666 0 0", root.Stat("/null"));
        Assert.Equal((1u, 3u), (root.Status("/null").DeviceMajor, root.Status("/null").DeviceMinor));
        Assert.Equal("60660 0 6", root.Stat("/disk"));
        Assert.Equal((259u, 70000u), (root.Status("/disk").DeviceMajor, root.Status("/disk").DeviceMinor));
        Assert.Equal("10600 0 0", root.Stat("/pipe"));
    }

    [RootFact]
    public void Names_are_bytes()
    {
        var odd = new TarEntry { Name = [.. "d/"u8, 0xff, (byte)'\n', 0x80], Mode = 0x1A4 };
        Layer("1", odd, Archives.File("d/" + new string('x', 255)), Archives.File("d/ä:,\\\""));
        using var root = Mount("k");
        Assert.Equal(4, TreeText.Of(root.Path).Count);
        Layer("2", ("d/.wh.ä:,\\\"", ""));
        using var second = Mount("second");
        Assert.Equal(3, TreeText.Of(second.Path).Count);
    }

    [RootFact]
    public void Holes_stay_holes()
    {
        const int Size = 32 << 20;
        var entry = new TarEntry { Name = "sparse"u8.ToArray(), Mode = 0x1A4, Size = Size };
        var stream = new MemoryStream();
        var writer = new TarWriter(stream);
        writer.Begin(entry);
        for (var at = 0; at < Size; at += 1 << 20)
        {
            var piece = new byte[1 << 20];
            if (at == 16 << 20) piece.AsSpan(1000, 5).Fill(1);
            writer.Write(piece);
        }

        writer.Finish();
        stream.Position = 0;
        Layer("1", stream);
        using (var root = Mount("k"))
        {
            Assert.Equal((ulong)Size, root.Status("/sparse").Size);
            Assert.InRange(root.Status("/sparse").Blocks * 512, 1u, 1u << 20);
            using var file = File.OpenRead(root.Path + "/sparse");
            file.Position = (16 << 20) + 999;
            Assert.Equal([0, 1, 1, 1, 1, 1, 0], Enumerable.Range(0, 7).Select(_ => file.ReadByte()));
            file.Position = Size - 1;
            Assert.Equal(0, file.ReadByte());
        }
    }

    [RootTheory]
    [InlineData("--format=gnu")]
    [InlineData("--format=posix --sparse-version=0.0")]
    [InlineData("--format=posix --sparse-version=0.1")]
    [InlineData("--format=posix --sparse-version=1.0")]
    public void Sparse_files_as_tar_writes_them_are_sparse(string options)
    {
        const int Size = 48 << 20;
        var (path, archive) = (_folder.Path("sparse"), _folder.Path("sparse.tar"));
        using (var file = File.Create(path))
        {
            foreach (var at in (int[])[1 << 20, 9 << 20, 40 << 20])
            {
                file.Position = at;
                file.Write(Encoding.UTF8.GetBytes(new string('x', 5000)));
            }

            file.SetLength(Size);
        }

        using (var tar = Process.Start("tar", ["-c", "--sparse", .. options.Split(' '), "-f", archive, "-C", _folder.FullName, "sparse"])) tar.WaitForExit();
        Assert.InRange(new FileInfo(archive).Length, 15_000, 200_000);
        using (var stream = File.OpenRead(archive)) Layer("1", stream);

        using var root = Mount("k");
        Assert.Equal((ulong)Size, root.Status("/sparse").Size);
        Assert.InRange(root.Status("/sparse").Blocks * 512, 1u, 1u << 19);
        using var expected = File.OpenRead(path);
        using var found = File.OpenRead(root.Path + "/sparse");
        Assert.Equal(SHA256.HashData(expected), SHA256.HashData(found));
    }

    [RootFact]
    public void Ids_can_be_mapped_for_a_user_namespace_and_what_is_written_has_the_images_ids()
    {
        Layer("1", Archives.Directory("./"), Archives.Directory("home", 0x1C0, user: 1000), Archives.File("f"));
        using (var space = new UserNamespace(100_000, 65_536))
        using (var root = new MountedRoot(Driver.PrepareRootfs("k", _stack), _folder, space))
        {
            Assert.Equal("40755 100000 100000", root.Stat("/"));
            Assert.Equal("40700 101000 100000", root.Stat("/home"));
            root.Write("/f", "changed");
            Assert.Equal("100644 100000 100000", root.Stat("/f"));
        }

        using var plain = Mount("k");
        Assert.Equal("changed", plain.Read("/f"));
        Assert.Equal("100644 0 0", plain.Stat("/f"));
        Assert.Equal(["C /f"], Changes("k"));
    }
}
