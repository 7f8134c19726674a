namespace Suite.Image.Graph.Drivers;

/// <summary>Directories that laid over each other are a tree, the topmost first, as long as this is not disposed.</summary>
internal sealed class OpenedTree(IReadOnlyList<string> topFirst, params IReadOnlyList<IDisposable> holds) : IDisposable
{
    public IReadOnlyList<string> TopFirst { get; } = topFirst;

    public void Dispose()
    {
        foreach (var hold in holds) hold.Dispose();
    }
}
