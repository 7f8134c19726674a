using Suite.Runtime.Oci.CommandLines;

namespace Suite.Runtime.Oci.Containers;

/// <summary>What create and run are told beside the id.</summary>
/// <param name="Detached">Nobody stays to carry a terminal's bytes.</param>
/// <param name="NoPivot">As <see cref="Suite.Runtime.Exec.Plans.ContainerOptions.NoPivot"/>.</param>
internal sealed record CreateOptions(string Bundle, string? PidFile, string? ConsoleSocket, int PreservedDescriptors, bool Detached, bool NoPivot)
{
    public static CreateOptions From(Options options, bool detached) => new(
        options.Value("bundle") ?? ".", options.Value("pid-file"), options.Value("console-socket"), Preserved(options), detached, options.Has("no-pivot"));

    /// <summary>--preserve-fds, and the sockets that systemd's protocol hands down (sd_listen_fds(3)).</summary>
    public static int Preserved(Options options)
    {
        var wanted = options.Number("preserve-fds") ?? 0;
        if (wanted is < 0 or > 1000)
            throw options.Wrong("--preserve-fds is a number from 0 to 1000");
        return (int)wanted + ListenDescriptors;
    }

    /// <summary>0 when there are none. LISTEN_PID names whoever handed them to us, not the container's process.</summary>
    public static int ListenDescriptors =>
        int.TryParse(Environment.GetEnvironmentVariable("LISTEN_FDS"), out var count) && count is > 0 and <= 1000 ? count : 0;
}
