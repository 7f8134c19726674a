namespace Suite.Image.Graph.Layers;

/// <summary>How a driver writes down that a layer hides something of the layers below it.</summary>
internal interface IWhiteouts
{
    /// <summary>Hides <paramref name="name"/>; nothing of that name is in this layer.</summary>
    /// <returns>0, or the negated errno.</returns>
    int Hide(int directory, ReadOnlySpan<byte> name);

    /// <summary>Hides everything that lower layers have in the directory.</summary>
    /// <returns>0, or the negated errno.</returns>
    int MakeOpaque(int directory);
}
