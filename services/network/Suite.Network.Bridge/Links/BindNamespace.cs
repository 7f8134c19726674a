using Suite.Linux.Namespaces;
using Suite.Network.Bridge.Plans;

namespace Suite.Network.Bridge.Links;

/// <summary>Names the sandbox's namespace, so that others can join it.</summary>
internal sealed record BindNamespace(string Path) : ActionStep
{
    public override string Text => $"netns attach {Path}";

    public override void Apply(IPlaces places) => places.Sandbox.BindTo(Path);
}

/// <summary>Takes the name away again; the namespace ends with its last process.</summary>
internal sealed record UnbindNamespace(string Path) : ActionStep
{
    public override string Text => $"netns delete {Path}";

    public override void Apply(IPlaces places) => NetworkNamespace.Unbind(Path);
}
