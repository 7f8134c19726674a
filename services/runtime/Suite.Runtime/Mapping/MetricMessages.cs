using Suite.Runtime.Metrics;
using Suite.Runtime.Pods;
using Suite.Runtime.Statistics;
using Cri = Runtime.V1;

namespace Suite.Runtime.Mapping;

/// <summary>Metrics, in CRI's words.</summary>
/// <param name="places">Where a cgroup is: cAdvisor's id of a container.</param>
internal sealed class MetricMessages(PodPlaces places)
{
    /// <summary>Never changes while the service runs.</summary>
    public static IEnumerable<Cri.MetricDescriptor> Descriptors() =>
        MetricCatalog.OfContainers.Select(family => Describe(family.Name, family.Help, family.FurtherLabels))
            .Concat(MetricCatalog.OfPods.Select(family => Describe(family.Name, family.Help, family.FurtherLabels)));

    public Cri.PodSandboxMetrics ToMessage(PodFigures figures)
    {
        var pod = figures.Sample.Pod;
        var metrics = new Cri.PodSandboxMetrics { PodSandboxId = pod.Id };
        metrics.Metrics.AddRange(Values(MetricCatalog.OfPods, figures.Sample, figures.Sample.At, Labels(pod)));
        metrics.ContainerMetrics.AddRange(figures.Containers.Select(container =>
        {
            var message = new Cri.ContainerMetrics { ContainerId = container.Sample.Container.Id };
            message.Metrics.AddRange(Values(MetricCatalog.OfContainers, container, container.Sample.At, Labels(pod, container.Sample)));
            return message;
        }));
        return metrics;
    }

    private static Cri.MetricDescriptor Describe(string name, string help, IReadOnlyList<string> furtherLabels)
    {
        var descriptor = new Cri.MetricDescriptor { Name = name, Help = help };
        descriptor.LabelKeys.AddRange(MetricFamily.CommonLabels);
        descriptor.LabelKeys.AddRange(furtherLabels);
        return descriptor;
    }

    private static IEnumerable<Cri.Metric> Values<TSource>(IReadOnlyList<MetricFamily<TSource>> families, TSource source, long at, string[] labels)
    {
        foreach (var family in families)
        {
            foreach (var value in family.Values(source))
            {
                var metric = new Cri.Metric
                {
                    Name = family.Name,
                    Timestamp = at,
                    MetricType = family.Kind == MetricKind.Counter ? Cri.MetricType.Counter : Cri.MetricType.Gauge,
                    Value = new Cri.UInt64Value { Value = value.Value },
                };
                metric.LabelValues.AddRange(labels);
                metric.LabelValues.AddRange(value.Labels);
                yield return metric;
            }
        }
    }

    // In the order of MetricFamily.CommonLabels. cAdvisor's container "" is the pod itself.
    private string[] Labels(Pod pod) => [places.CgroupOf(pod), pod.Id, "", pod.Metadata.Namespace, pod.Metadata.Name, ""];

    private string[] Labels(Pod pod, ContainerSample sample) =>
    [
        places.CgroupOf(pod, sample.Container.Id), sample.Container.Id, sample.Container.Config.Image, pod.Metadata.Namespace, pod.Metadata.Name, sample.Container.Name,
    ];
}
