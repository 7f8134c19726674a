using System.Collections.Immutable;
using Suite.Oci.Runtime;

namespace Suite.Runtime.Exec.Plans;

/// <summary>
/// All that is done to start one container, in order. Pure: made from its arguments alone, nothing is looked up on the host.
/// Its text has a line for each step.
/// </summary>
public sealed record ContainerPlan
{
    internal ContainerPlan(string id, CloneRequest request, ImmutableArray<Step> steps)
    {
        Id = id;
        Request = request;
        Steps = steps;
    }

    public string Id { get; }

    /// <summary>Its root, or something else that it mounts, is a block device.</summary>
    public bool MountsDevices => Request.MountsDevices;

    internal CloneRequest Request { get; }

    internal ImmutableArray<Step> Steps { get; }

    /// <exception cref="Linux.Errors.SuiteException">
    /// InvalidArgument: the message begins with the path of the field that is wrong; Unsupported: the field is not built yet.
    /// </exception>
    public static ContainerPlan From(Spec spec, ContainerOptions options) => new ContainerPlanner(spec, options).Plan();

    /// <summary>
    /// What can be done for a container that will come before its image is known, from the parts of its config.json that do not depend
    /// on it: namespaces, mounts, devices, the path of its cgroup. Null: nothing.
    /// </summary>
    /// <exception cref="Linux.Errors.SuiteException">As <see cref="From"/>.</exception>
    public static ContainerPlan? HeadStart(Spec spec, ContainerOptions options) => HeadStartPlanner.Plan(spec, options);

    public override string ToString() => $"container {Id}\n{Request}\n{string.Join('\n', Steps)}\n";
}
