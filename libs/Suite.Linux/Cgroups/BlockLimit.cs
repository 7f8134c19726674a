namespace Suite.Linux.Cgroups;

/// <summary>A weight, or a rate that may not be passed, of one block device.</summary>
/// <param name="Value">10 to 1000, bytes a second, or operations a second.</param>
public readonly record struct BlockLimit(BlockLimitKind Kind, long Major, long Minor, ulong Value)
{
    public override string ToString() => $"block {Kind} {Major}:{Minor} {Value}";
}

public enum BlockLimitKind
{
    Weight,
    LeafWeight,
    ReadBytes,
    WriteBytes,
    ReadOperations,
    WriteOperations,
}

/// <summary>A number for something with a name: a page size, an interface.</summary>
public readonly record struct NamedLimit(string Name, ulong Value);
