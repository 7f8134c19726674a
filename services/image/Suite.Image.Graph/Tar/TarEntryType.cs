namespace Suite.Image.Graph.Tar;

/// <summary>What an entry of an archive is, after its headers were put together.</summary>
internal enum TarEntryType
{
    File,
    HardLink,
    SymbolicLink,
    CharacterDevice,
    BlockDevice,
    Directory,
    Fifo,
}
