namespace Suite.Image.Graph.Layers;

/// <summary>
/// How what a layer's archive says about the layers below it takes effect. In a directory that holds this layer alone it is written
/// down for overlayfs; over a copy of what lies below it is done at once. Calls answer 0 or more, or the negated errno.
/// </summary>
internal interface ILowerLayers
{
    /// <summary>Whether what lower layers have lies in the same directory: then a path must not lead through their links and files.</summary>
    bool AreHere { get; }

    /// <summary>Hides what lower layers have under a name. What this layer put there stays, but nothing below shines through.</summary>
    /// <param name="path">Of the name, from the root.</param>
    int Hide(int directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> path);

    /// <summary>Hides everything that lower layers have in a directory.</summary>
    int Empty(int directory);

    /// <summary>Removes what stands where a directory is needed, if it is not this layer's: 1 when it did.</summary>
    int Clear(int directory, ReadOnlySpan<byte> name);

    /// <summary>Whether what is asked for, and is not there, is part of what this layer hid.</summary>
    bool IsHidden(ReadOnlySpan<byte> path);

    /// <summary>This layer made something under a name, or set its attributes.</summary>
    void Made(int directory, EntryPath path);

    /// <summary>This layer has something in a directory.</summary>
    void Entered(int directory);

    /// <summary>An entry of its own tells the attributes of a directory that was there, made or implied.</summary>
    void Told(int directory, ReadOnlySpan<byte> path);

    /// <summary>A directory was made that the archive leaves out: its attributes are those that lower layers give it.</summary>
    void Implied(ReadOnlySpan<byte> path);

    /// <summary>Whether this layer made the name: only such a file may get another by a hard link.</summary>
    bool IsOurs(int directory, ReadOnlySpan<byte> name);
}
