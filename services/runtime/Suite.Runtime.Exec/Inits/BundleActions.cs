using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>What is prepared for another runtime, by the process that is to become it.</summary>
internal static unsafe class BundleActions
{
    private const uint Private = 0x1c0 /* 0700 */;

    public static void Take(Step step, InitContext context)
    {
        switch (step)
        {
            case MakeBundle make:
                MakeDirectory(Path.GetDirectoryName(make.Folder)!);
                MakeDirectory(make.Folder);
                MakeDirectory(make.Rootfs);
                break;
            case WriteFile file:
                Write(file.Path, file.Contents);
                break;
            case ShareSource share:
                var tree = TreeActions.Open(share.Source, recursive: true, MountIds.None, fromHost: true, context);
                var place = Descriptor.Open(share.Source, O_PATH);
                FilesystemMount.Attach(tree, place, share.Source);
                Descriptor.Close(place);
                Descriptor.Close(tree);
                break;
        }
    }

    public static void Write(string path, ReadOnlySpan<byte> contents)
    {
        var file = Descriptor.Open(path, O_WRONLY | O_CREAT | O_TRUNC, 0x180 /* 0600 */);
        fixed (byte* bytes = contents)
        {
            for (var written = 0; written < contents.Length;)
            {
                var count = (long)write(file, bytes + written, contents.Length - written);
                if (count < 0)
                    throw new ErrnoException($"write {path}", errno);
                written += (int)count;
            }
        }

        Descriptor.Close(file);
    }

    private static void MakeDirectory(string path)
    {
        if (Descriptor.TryMakeDirectory(path, Private) is not 0 and var error)
            throw new ErrnoException($"make the directory {path}", error);
    }
}
