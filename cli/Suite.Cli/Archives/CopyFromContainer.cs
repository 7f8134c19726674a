using System.Formats.Tar;
using Grpc.Core;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Archives;

/// <summary>`cp CONTAINER:PATH HERE`, with cp(1)'s rules for what the copy is called. The archive comes from a container, and is not trusted.</summary>
internal sealed class CopyFromContainer(Containers.ContainersClient containers)
{
    /// <param name="target">A path, or "-" for the tar archive on <paramref name="output"/>.</param>
    public async Task CopyAsync(string container, string path, string target, bool follow, System.IO.Stream output, CancellationToken cancellationToken)
    {
        using var call = containers.CopyOut(new CopyOutRequest { Container = container, Path = path, Follow = follow }, cancellationToken: cancellationToken);
        if (!await call.ResponseStream.MoveNext(cancellationToken) || call.ResponseStream.Current.Info is not { } info)
            throw new SuiteException(ErrorKind.Internal, $"suite-runtime did not say what {path} in container {container} is");
        await using var archive = new MessageReader(async token => await call.ResponseStream.MoveNext(token) ? call.ResponseStream.Current.Archive.Memory : default);
        if (target == "-")
        {
            await archive.CopyToAsync(output, cancellationToken);
            await output.FlushAsync(cancellationToken);
            return;
        }

        await using var tar = new TarReader(archive, leaveOpen: true);
        var unpacking = new LocalUnpacking(PlaceFor(info, path, target));
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            await unpacking.TakeAsync(entry, cancellationToken);
        // What is behind the last entry: so that the call ends as one that was read to its end.
        await archive.CopyToAsync(System.IO.Stream.Null, cancellationToken);
    }

    /// <summary>Into a folder that is there, under its name; else the name is the target's own.</summary>
    private static string PlaceFor(PathInfo info, string path, string target)
    {
        // "FOLDER/." is the folder's contents.
        var contents = path.EndsWith("/.", StringComparison.Ordinal) || info.Name == ".";
        if (Directory.Exists(target))
            return contents ? target : Path.Combine(target, info.Name);
        if (File.Exists(target) && info.Directory)
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot copy the folder {path} to {target}: that is a file");
        if (target.EndsWith('/') && !info.Directory)
            throw new SuiteException(ErrorKind.NotFound, $"cannot copy to {target}: there is no such folder");
        var above = Path.GetDirectoryName(Path.GetFullPath(target.TrimEnd('/')))!;
        return Directory.Exists(above) ? target.TrimEnd('/') : throw new SuiteException(ErrorKind.NotFound, $"cannot copy to {target}: there is no folder {above}");
    }
}
