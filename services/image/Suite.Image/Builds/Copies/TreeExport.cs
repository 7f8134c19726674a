using System.Text;
using Suite.Image.Graph.Layers;
using Suite.Image.Graph.Tar;
using Suite.Linux.Native;

namespace Suite.Image.Builds.Copies;

/// <summary>Puts a part of a tree into a folder, for a command that mounts it.</summary>
internal static class TreeExport
{
    public static async Task WriteAsync(ISourceTree tree, SourceFile from, string folder, CancellationToken cancellationToken)
    {
        var entries = from.IsDirectory
            ? tree.Below(from).Select(f => new CopyEntry(from.Path.Length == 0 ? f.Path : f.Path[(from.Path.Length + 1)..], f, tree, null)).ToArray()
            : [new CopyEntry(from.Name, from, tree, null)];
        // As an archive through a pipe: what unpacks layers knows owners, links and devices.
        var pipe = new System.IO.Pipelines.Pipe(new System.IO.Pipelines.PipeOptions(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19));
        var writing = Task.Run(
            () =>
            {
                Exception? failure = null;
                try
                {
                    using var into = pipe.Writer.AsStream(leaveOpen: true);
                    new LayerArchive(new CopyAttributes(null, null, null, 0, null)).Write(into, entries, cancellationToken);
                }
                catch (Exception e)
                {
                    failure = e;
                }

                pipe.Writer.Complete(failure);
            },
            cancellationToken);
        await Task.Run(
            () =>
            {
                using var root = new LayerRoot(folder, null);
                using var archive = pipe.Reader.AsStream();
                new LayerApplier(root, null).Apply(new TarReader(archive), cancellationToken);
            },
            cancellationToken).ConfigureAwait(false);
        await writing.ConfigureAwait(false);
        if (from.IsDirectory) FileCalls.ChmodAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(folder), from.Mode & 0xFFF);
    }
}
