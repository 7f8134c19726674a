using System.Diagnostics;
using Suite.Testing.Files;

namespace Suite.Image.Graph.Tests.Tar;

/// <summary>A file with holes, at its start and its end too, as GNU tar writes it in each of its ways.</summary>
internal static class SparseArchives
{
    public const int Pieces = 30; // more than a header and one block after it have room for
    public const int Step = 64 * 1024;

    public static byte[] Gnu { get; } = Make("--format=gnu");

    public static byte[] Pax00 { get; } = Make("--format=posix", "--sparse-version=0.0");

    public static byte[] Pax01 { get; } = Make("--format=posix", "--sparse-version=0.1");

    public static byte[] Pax10 { get; } = Make("--format=posix", "--sparse-version=1.0");

    /// <summary>What the file has, holes as zeros.</summary>
    public static byte[] Content { get; } = Fill();

    public static byte[] Make(params string[] options)
    {
        using var folder = new TempFolder("sparse-archives");
        var path = folder.Path("sparse");
        using (var file = File.Create(path, bufferSize: 0))
        {
            for (var piece = 0; piece < Pieces; piece++)
            {
                file.Position = ((2 * piece) + 1) * Step;
                file.Write(Fill().AsSpan((int)file.Position, 4096));
            }

            file.SetLength(Fill().Length);
        }

        File.WriteAllText(folder.Path("after"), "after");
        var start = new ProcessStartInfo("tar", ["--create", "--sparse", .. options, "-C", folder.FullName, "sparse", "after"]) { RedirectStandardOutput = true };
        using var tar = Process.Start(start)!;
        using var archive = new MemoryStream();
        tar.StandardOutput.BaseStream.CopyTo(archive);
        tar.WaitForExit();
        Assert.Equal(0, tar.ExitCode);
        return archive.ToArray();
    }

    private static byte[] Fill()
    {
        var content = new byte[((2 * Pieces) + 3) * Step];
        for (var piece = 0; piece < Pieces; piece++) content.AsSpan(((2 * piece) + 1) * Step, 4096).Fill((byte)(piece + 1));
        return content;
    }
}
