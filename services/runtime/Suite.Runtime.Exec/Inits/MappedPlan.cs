using Suite.Linux.Errors;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Wire;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>
/// A plan in the sealed memory file it came in. Only an init reads its steps; they never touch the heap of the shim, and the pages
/// go when the start is over.
/// </summary>
internal sealed unsafe class MappedPlan
{
    private const int F_GET_SEALS = 1034;
    private const int F_SEAL_WRITE = 8;
    private const int F_SEAL_SHRINK = 2;

    private readonly byte* _bytes;
    private readonly int _length;
    private readonly int _steps;

    /// <param name="file">The caller closes it.</param>
    public MappedPlan(int file)
    {
        stat status;
        var seals = fcntl(file, F_GET_SEALS);
        // Bytes that could change or vanish while they are read would be worse than any wrong plan.
        if (seals < 0 || (seals & (F_SEAL_WRITE | F_SEAL_SHRINK)) != (F_SEAL_WRITE | F_SEAL_SHRINK) || fstat(file, &status) != 0)
            throw new SuiteException(ErrorKind.InvalidArgument, "read a plan: it is not in a sealed memory file");

        File = file;
        _length = (int)status.st_size;
        _bytes = (byte*)mmap(null, _length, PROT_READ, MAP_PRIVATE, file, 0);
        if (_bytes == (byte*)-1)
            throw new ErrnoException("map a plan", errno);
        try
        {
            var reader = new WireReader(new ReadOnlySpan<byte>(_bytes, _length));
            Request = PlanCodec.ReadClone(ref reader);
            _steps = _length - reader.Rest.Length;
        }
        catch (SuiteException)
        {
            Release();
            throw;
        }
    }

    /// <summary>The descriptor that it was mapped from.</summary>
    public int File { get; }

    public CloneRequest Request { get; }

    public WireReader Steps => new(new ReadOnlySpan<byte>(_bytes, _length)[_steps..]);

    public void Release() => _ = munmap(_bytes, _length);
}
