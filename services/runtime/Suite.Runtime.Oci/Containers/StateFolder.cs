using System.Text.Json;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Oci.Containers;

/// <summary>
/// The folder of one container: state.json, before it creating.json, the config.json it was made from (later changes of the bundle's have no effect, as the
/// specification wants it), and the gate between create and start, which is gone once the container was started.
/// </summary>
internal sealed unsafe class StateFolder(string path)
{
    private const string RecordName = "state.json";

    /// <summary>
    /// The record while the container is being made. A file of its own: a file system that is careful with files renamed over others
    /// writes their contents to the disk at once (ext4(5), auto_da_alloc), and who removes them next waits for that.
    /// </summary>
    private const string CreatingName = "creating.json";

    private const uint OwnerOnly = 0b110_000_000;

    // inode(7): S_IFIFO.
    private const uint NamedPipe = 0x1000;

    public string Path { get; } = path;

    public string SpecPath => $"{Path}/config.json";

    public string GatePath => $"{Path}/exec.fifo";

    public string ComplaintPath => $"{Path}/start.error";

    public bool HasRecord => File.Exists(RecordPath) || File.Exists(CreatingPath);

    private string RecordPath => $"{Path}/{RecordName}";

    private string CreatingPath => $"{Path}/{CreatingName}";

    /// <returns>False if it exists.</returns>
    public bool TryMake()
    {
        fixed (byte* name = Descriptor.Path(Path))
        {
            if (mkdir(name, (Tmds.Linux.mode_t)0b111_001_001) == 0)
                return true;
            return errno == ErrnoNames.EEXIST ? false : throw new ErrnoException($"make the folder {Path}", errno);
        }
    }

    public ContainerRecord? TryRead()
    {
        var text = Descriptor.TryReadText(RecordPath) ?? Descriptor.TryReadText(CreatingPath);
        try
        {
            return text is null ? null : ContainerRecord.Parse(text);
        }
        catch (JsonException failure)
        {
            throw new SuiteException(ErrorKind.Corrupt, $"read {RecordPath}: {failure.Message}; `delete --force` removes the container", failure);
        }
    }

    public void Write(ContainerRecord record) =>
        AtomicFile.Write(record.Pid == 0 ? CreatingPath : RecordPath, record.ToJson(), OwnerOnly);

    public void KeepSpec(ReadOnlySpan<byte> spec) => AtomicFile.Write(SpecPath, spec, OwnerOnly);

    /// <returns>The reading end, which the init waits at. Whoever opens it for writing finds the init there, or nobody.</returns>
    public int MakeGate()
    {
        if (FileCalls.MknodAt(FileCalls.AT_FDCWD, System.Text.Encoding.UTF8.GetBytes(GatePath), NamedPipe | OwnerOnly, 0) is < 0 and var error)
            throw new ErrnoException($"make the pipe {GatePath}", -error);
        return Descriptor.Open(GatePath, O_RDONLY | O_NONBLOCK);
    }

    public int MakeComplaint() => Descriptor.Open(ComplaintPath, O_WRONLY | O_CREAT | O_APPEND, OwnerOnly);

    public void Remove()
    {
        foreach (var file in (ReadOnlySpan<string>)[RecordPath, CreatingPath, SpecPath, GatePath, ComplaintPath])
            Descriptor.TryUnlink(file);
        if (Descriptor.TryRemoveDirectory(Path) == ErrnoNames.ENOTEMPTY)
            Directory.Delete(Path, recursive: true);
    }
}
