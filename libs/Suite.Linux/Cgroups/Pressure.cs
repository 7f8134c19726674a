using System.Buffers.Text;

namespace Suite.Linux.Cgroups;

/// <summary>One line of pressure stall information (psi.rst).</summary>
/// <param name="TotalNanoseconds">Since the cgroup was made.</param>
/// <param name="Average10">Percent of the last 10 seconds; then of 60, and of 300.</param>
public readonly record struct PressureLine(ulong TotalNanoseconds, double Average10, double Average60, double Average300);

/// <summary>How long the tasks of a cgroup waited for a resource: some of them, or all of them at once.</summary>
public readonly record struct Pressure(PressureLine Some, PressureLine Full)
{
    /// <param name="resource">cpu, memory or io. The v2 tree tells of each, whatever it controls.</param>
    /// <returns>Null: the kernel counts no pressure, or the host has no v2 tree.</returns>
    public static Pressure? Read(FigureReader reader, CgroupHost host, string path, string resource)
    {
        if (host.Unified is not { } unified || reader.Read($"{unified.PathOf(path)}/{resource}.pressure") is not { IsEmpty: false } text)
            return null;
        var pressure = new Pressure();
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (line.StartsWith("some "u8))
                pressure = pressure with { Some = Line(line) };
            else if (line.StartsWith("full "u8))
                pressure = pressure with { Full = Line(line) };
        }
        return pressure;
    }

    // "some avg10=0.12 avg60=0.05 avg300=0.01 total=58213", the total in microseconds.
    private static PressureLine Line(ReadOnlySpan<byte> line)
    {
        var total = Value(line, "total="u8) is var digits && Utf8Parser.TryParse(digits, out ulong microseconds, out _) ? microseconds * 1000 : 0;
        return new PressureLine(total, Percent(line, "avg10="u8), Percent(line, "avg60="u8), Percent(line, "avg300="u8));
    }

    private static double Percent(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        Utf8Parser.TryParse(Value(line, name), out double percent, out _) ? percent : 0;

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.IndexOf(name) is var at and >= 0 ? line[(at + name.Length)..] : default;
}
