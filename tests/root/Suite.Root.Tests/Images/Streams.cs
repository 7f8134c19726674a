using Google.Protobuf;
using Grpc.Core;
using Suite.Graph.V1;

namespace Suite.Root.Tests.Images;

/// <summary>Calls that carry archives, with the archive as one array.</summary>
internal static class Streams
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<byte[]> SaveAsync(this ImageRig rig, params string[] images)
    {
        using var call = rig.Images.Save(new SaveRequest { Images = { images } }, cancellationToken: Token);
        var archive = new MemoryStream();
        await foreach (var piece in call.ResponseStream.ReadAllAsync(Token)) piece.Data.WriteTo(archive);
        return archive.ToArray();
    }

    public static async Task<byte[]> ExportAsync(this ImageRig rig, string key)
    {
        using var call = rig.Graph.ExportRootfs(new ExportRootfsRequest { Key = key }, cancellationToken: Token);
        var archive = new MemoryStream();
        await foreach (var piece in call.ResponseStream.ReadAllAsync(Token)) piece.Data.WriteTo(archive);
        return archive.ToArray();
    }

    public static async Task<LoadResponse> LoadAsync(this ImageRig rig, byte[] archive)
    {
        using var call = rig.Images.Load(cancellationToken: Token);
        foreach (var piece in archive.Chunk(100_000)) await call.RequestStream.WriteAsync(new LoadRequest { Data = ByteString.CopyFrom(piece) }, Token);
        await call.RequestStream.CompleteAsync();
        return await call.ResponseAsync;
    }

    public static async Task<ImageInfo> ImportAsync(this ImageRig rig, byte[] archive, string name, params string[] changes)
    {
        using var call = rig.Images.Import(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new ImportRequest { Options = new ImportOptions { Reference = name, Changes = { changes } } }, Token);
        foreach (var piece in archive.Chunk(100_000)) await call.RequestStream.WriteAsync(new ImportRequest { Data = ByteString.CopyFrom(piece) }, Token);
        await call.RequestStream.CompleteAsync();
        return (await call.ResponseAsync).Image;
    }

    public static async Task<IReadOnlyList<string>> ChangesAsync(this ImageRig rig, string key)
    {
        using var call = rig.Graph.RootfsChanges(new RootfsChangesRequest { Key = key }, cancellationToken: Token);
        var changes = new List<string>();
        await foreach (var page in call.ResponseStream.ReadAllAsync(Token)) changes.AddRange(page.Changes.Select(c => $"{c.Kind} {c.Path}"));
        return changes;
    }
}
