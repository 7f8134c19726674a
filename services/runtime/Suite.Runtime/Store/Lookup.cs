using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Pods;

namespace Suite.Runtime.Store;

/// <summary>Finds what a caller names: by id, by unique prefix of the id, and, for people, by name.</summary>
internal static class Lookup
{
    /// <summary>CRI: a container of Kubernetes by id or unique prefix.</summary>
    public static ContainerRecord KubernetesContainer(this Inventory inventory, string id) =>
        inventory.FindKubernetesContainer(id) ?? throw NoContainer(id);

    public static ContainerRecord? FindKubernetesContainer(this Inventory inventory, string id)
    {
        if (inventory.TryGetContainer(id, out var exact))
            return exact is { Origin: PodOrigin.Kubernetes, IsVisible: true } ? exact : null;
        return ByPrefix(inventory.Containers.Where(c => c.Origin == PodOrigin.Kubernetes && c.IsVisible), c => c.Id, id, "container");
    }

    /// <summary>CRI: a pod of Kubernetes by id or unique prefix.</summary>
    public static Pod KubernetesPod(this Inventory inventory, string id) =>
        inventory.FindKubernetesPod(id) ?? throw new SuiteException(ErrorKind.NotFound, $"no pod {id} is here");

    public static Pod? FindKubernetesPod(this Inventory inventory, string id)
    {
        if (inventory.TryGetPod(id, out var exact))
            return exact is { Origin: PodOrigin.Kubernetes, IsVisible: true } ? exact : null;
        return ByPrefix(inventory.Pods.Where(p => p.Origin == PodOrigin.Kubernetes && p.IsVisible), p => p.Id, id, "pod");
    }

    /// <summary>People: any container, whoever made it, by name, id or unique prefix of the id. The name wins.</summary>
    public static ContainerRecord AnyContainer(this Inventory inventory, string reference)
    {
        if (reference.Length == 0)
            throw new SuiteException(ErrorKind.InvalidArgument, "container: a name or id is needed");
        // Docker prints names with a slash in front, and scripts hand back what it printed.
        if (reference is ['/', .. { Length: > 0 } bare])
            reference = bare;
        if (inventory.ContainerByKey(reference) is { IsVisible: true } named)
            return named;
        if (inventory.TryGetContainer(reference, out var exact) && exact.IsVisible)
            return exact;
        return ByPrefix(inventory.Containers.Where(c => c.IsVisible), c => c.Id, reference, "container") ?? throw NoContainer(reference);
    }

    private static T? ByPrefix<T>(IEnumerable<T> candidates, Func<T, string> idOf, string prefix, string what)
        where T : class
    {
        if (prefix.Length == 0)
            throw new SuiteException(ErrorKind.InvalidArgument, $"{what} id: must not be empty");
        T? found = null;
        foreach (var candidate in candidates)
        {
            if (!idOf(candidate).StartsWith(prefix, StringComparison.Ordinal))
                continue;
            if (found is not null)
                throw new SuiteException(ErrorKind.InvalidArgument, $"{what} {prefix}: more than one id begins like this; write more of it");
            found = candidate;
        }
        return found;
    }

    public static SuiteException NoContainer(string reference) =>
        new(ErrorKind.NotFound, $"no container {reference} is here");
}
