using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Exec.Wire;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>How an init that was cloned before there was anything to start gets its plan and its standard streams: in one message.</summary>
internal static unsafe class PlanDelivery
{
    private const int MaxSize = 64;

    /// <param name="plan">The file of a <see cref="MappedPlan"/>.</param>
    /// <param name="streams">Standard input, output, error; -1 for those that a terminal replaces.</param>
    /// <returns>0, or the error number: the init is gone.</returns>
    public static int TrySend(InitProcess init, int plan, ReadOnlySpan<int> streams, TerminalSize? size)
    {
        var message = new WireWriter(MaxSize);
        Span<int> descriptors = stackalloc int[4];
        var count = 0;
        descriptors[count++] = plan;
        foreach (var stream in streams)
        {
            message.Bool(stream >= 0);
            if (stream >= 0)
                descriptors[count++] = stream;
        }

        PodCodec.Write(message, size);
        return FdMessage.TrySend(init.Report, message.Written, descriptors[..count]);
    }

    /// <summary>In the init. Without a plan to come it ends: whoever waits for it knows.</summary>
    /// <param name="streams">Room for three.</param>
    public static MappedPlan Await(InitContext context, Span<int> streams)
    {
        Span<byte> bytes = stackalloc byte[MaxSize];
        Span<int> descriptors = stackalloc int[FdMessage.MaxDescriptors];
        var length = FdMessage.Await(context.Report, bytes, descriptors, out var count);
        if (length <= 0 || count == 0)
            _exit(0);

        var message = new WireReader(bytes[..length]);
        var next = 1;
        foreach (ref var stream in streams)
            stream = message.Bool() && next < count ? descriptors[next++] : -1;
        context.Size = PodCodec.ReadSize(ref message);
        var plan = new MappedPlan(descriptors[0]);
        Descriptor.Close(descriptors[0]);
        return plan;
    }
}
