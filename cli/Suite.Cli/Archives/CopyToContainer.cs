using System.Formats.Tar;
using Google.Protobuf;
using Grpc.Core;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Archives;

/// <summary>`cp HERE CONTAINER:PATH`, with cp(1)'s rules for what the copy is called.</summary>
internal sealed class CopyToContainer(Containers.ContainersClient containers)
{
    /// <param name="source">A path, or "-" for a tar archive on <paramref name="input"/>.</param>
    public async Task CopyAsync(string source, string container, string path, bool follow, bool toRoot, System.IO.Stream input, CancellationToken cancellationToken)
    {
        if (source == "-")
        {
            await SendAsync(container, path, toRoot, archive => input.CopyToAsync(archive, cancellationToken), cancellationToken);
            return;
        }

        var isFolder = Directory.Exists(source);
        if (!isFolder && !File.Exists(source))
            throw new SuiteException(ErrorKind.NotFound, $"cannot copy {source}: there is no such file");
        var contents = source.EndsWith("/.", StringComparison.Ordinal) || source is "." or "..";
        var (folder, name) = await PlaceForAsync(container, path, source, isFolder, contents, cancellationToken);
        await SendAsync(container, folder, toRoot, archive => PackAsync(Path.GetFullPath(source), name, follow, archive, cancellationToken), cancellationToken);
    }

    private async Task<(string Folder, string Name)> PlaceForAsync(
        string container, string path, string source, bool isFolder, bool contents, CancellationToken cancellationToken)
    {
        var target = await LookAsync(container, path, cancellationToken);
        if (target is { Directory: true })
            return (path, contents ? "." : Path.GetFileName(Path.GetFullPath(source)));
        if (target is not null && isFolder)
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot copy the folder {source} to {path}: that is a file in container {container}");
        if (target is null && path.EndsWith('/') && !isFolder)
            throw new SuiteException(ErrorKind.NotFound, $"cannot copy to {path}: there is no such folder in container {container}");
        var trimmed = path.TrimEnd('/');
        var slash = trimmed.LastIndexOf('/');
        return (slash > 0 ? trimmed[..slash] : "/", trimmed[(slash + 1)..]);
    }

    private async Task<PathInfo?> LookAsync(string container, string path, CancellationToken cancellationToken)
    {
        try
        {
            // Only the description is wanted: the call ends before the archive comes.
            using var call = containers.CopyOut(new CopyOutRequest { Container = container, Path = path, Follow = true }, cancellationToken: cancellationToken);
            return await call.ResponseStream.MoveNext(cancellationToken) ? call.ResponseStream.Current.Info : null;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound && e.Status.Detail.StartsWith("there is no ", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private async Task SendAsync(string container, string folder, bool toRoot, Func<System.IO.Stream, Task> write, CancellationToken cancellationToken)
    {
        using var call = containers.CopyIn(cancellationToken: cancellationToken);
        await call.RequestStream.WriteAsync(new CopyInRequest { Options = new CopyInOptions { Container = container, Path = folder, ToRoot = toRoot } }, cancellationToken);
        try
        {
            await using (var archive = new MessageWriter(bytes => call.RequestStream.WriteAsync(new CopyInRequest { Archive = bytes }, cancellationToken)))
            {
                await write(archive);
                await archive.FlushAsync(cancellationToken);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException && !cancellationToken.IsCancellationRequested)
        {
            // The other side has ended the call: its answer, below, says why.
        }

        await call.ResponseAsync;
    }

    private static async Task PackAsync(string source, string name, bool follow, System.IO.Stream archive, CancellationToken cancellationToken)
    {
        await using var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true);
        await AddAsync(tar, source, name, follow, cancellationToken);
    }

    private static async Task AddAsync(TarWriter tar, string path, string name, bool follow, CancellationToken cancellationToken)
    {
        var link = new FileInfo(path).LinkTarget is not null;
        if (link && follow && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } real)
            (path, link) = (real.FullName, false);
        if (link || !Directory.Exists(path))
        {
            await tar.WriteEntryAsync(path, name, cancellationToken);
            return;
        }

        await tar.WriteEntryAsync(path, name, cancellationToken);
        foreach (var entry in Directory.EnumerateFileSystemEntries(path).Order(StringComparer.Ordinal))
            await AddAsync(tar, entry, $"{name}/{Path.GetFileName(entry)}", follow: false, cancellationToken);
    }
}
