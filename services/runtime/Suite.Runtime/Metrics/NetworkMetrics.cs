using Suite.Runtime.Statistics;
using Family = Suite.Runtime.Metrics.MetricFamily<Suite.Runtime.Statistics.PodSample>;

namespace Suite.Runtime.Metrics;

/// <summary>The network is the pod's: its containers share the interfaces.</summary>
internal static class NetworkMetrics
{
    public static readonly IReadOnlyList<Family> Families =
    [
        Of("container_network_receive_bytes_total", "Received, in bytes", figures => figures.ReceivedBytes),
        Of("container_network_receive_packets_total", "Packets received", figures => figures.ReceivedPackets),
        Of("container_network_receive_packets_dropped_total", "Packets dropped on receiving", figures => figures.ReceiveDrops),
        Of("container_network_receive_errors_total", "Errors on receiving", figures => figures.ReceiveErrors),
        Of("container_network_transmit_bytes_total", "Sent, in bytes", figures => figures.SentBytes),
        Of("container_network_transmit_packets_total", "Packets sent", figures => figures.SentPackets),
        Of("container_network_transmit_packets_dropped_total", "Packets dropped on sending", figures => figures.SendDrops),
        Of("container_network_transmit_errors_total", "Errors on sending", figures => figures.SendErrors),
    ];

    private static Family Of(string name, string help, Func<InterfaceFigures, ulong> value) =>
        new(name, help, MetricKind.Counter, ["interface"], sample => sample.Interfaces.Select(figures => new MetricValue(value(figures), figures.Name)));
}
