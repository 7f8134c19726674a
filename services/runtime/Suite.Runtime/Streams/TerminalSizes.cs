using Suite.Runtime.Exec.Shims;

namespace Suite.Runtime.Streams;

internal static class TerminalSizes
{
    public static TerminalSize ToDomain(this Container.V1.TerminalSize size) =>
        new((ushort)Math.Min(size.Rows, ushort.MaxValue), (ushort)Math.Min(size.Columns, ushort.MaxValue));
}
