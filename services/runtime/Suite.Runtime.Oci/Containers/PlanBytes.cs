using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Oci.Containers;

/// <summary>A plan as the init reads it.</summary>
internal sealed class PlanBytes
{
    private readonly WireWriter _writer = new(4096);

    private PlanBytes()
    {
    }

    public static PlanBytes Of(CloneRequest request, IReadOnlyList<Step> steps)
    {
        var bytes = new PlanBytes();
        PlanCodec.Write(bytes._writer, request, steps);
        return bytes;
    }

    public WireReader Steps(out CloneRequest request)
    {
        var reader = new WireReader(_writer.Written);
        request = PlanCodec.ReadClone(ref reader);
        return reader;
    }
}
