using System.Text.Json.Serialization;
using Suite.Oci.Runtime;

namespace Suite.Runtime.CdiDevices;

/// <summary>
/// A file of the Container Device Interface (github.com/cncf-tags/container-device-interface, SPEC.md 1.0): devices of one
/// vendor and class, and what each changes in a container. Settable: what a generated reader fills by init is null where the
/// file says nothing.
/// </summary>
internal sealed record CdiSpec
{
    public string CdiVersion { get; set; } = "";

    /// <summary>"vendor.com/class".</summary>
    public string Kind { get; set; } = "";

    public IReadOnlyList<CdiDevice> Devices { get; set; } = [];

    /// <summary>For every container that has one of the devices.</summary>
    public CdiEdits ContainerEdits { get; set; } = new();
}

internal sealed record CdiDevice
{
    public string Name { get; set; } = "";

    public CdiEdits ContainerEdits { get; set; } = new();
}

internal sealed record CdiEdits
{
    public IReadOnlyList<string> Env { get; set; } = [];

    public IReadOnlyList<CdiDeviceNode> DeviceNodes { get; set; } = [];

    public IReadOnlyList<CdiMount> Mounts { get; set; } = [];

    public IReadOnlyList<CdiHook> Hooks { get; set; } = [];

    public IReadOnlyList<CdiNetDevice> NetDevices { get; set; } = [];

    public IReadOnlyList<uint> AdditionalGids { get; set; } = [];

    public IntelRdt? IntelRdt { get; set; }
}

internal sealed record CdiDeviceNode
{
    /// <summary>In the container.</summary>
    public string Path { get; set; } = "";

    /// <summary>On the host; empty: the same.</summary>
    public string HostPath { get; set; } = "";

    /// <summary>c, b, u or p; empty: as on the host.</summary>
    public string Type { get; set; } = "";

    public long? Major { get; set; }

    public long? Minor { get; set; }

    public uint? FileMode { get; set; }

    /// <summary>A selection of rwm; empty: all.</summary>
    public string Permissions { get; set; } = "";

    public uint? Uid { get; set; }

    public uint? Gid { get; set; }
}

internal sealed record CdiMount
{
    public string HostPath { get; set; } = "";

    public string ContainerPath { get; set; } = "";

    public string Type { get; set; } = "";

    public IReadOnlyList<string> Options { get; set; } = [];
}

internal sealed record CdiHook
{
    /// <summary>prestart, createRuntime, createContainer, startContainer, poststart or poststop.</summary>
    public string HookName { get; set; } = "";

    public string Path { get; set; } = "";

    public IReadOnlyList<string> Args { get; set; } = [];

    public IReadOnlyList<string> Env { get; set; } = [];

    /// <summary>Seconds.</summary>
    public int? Timeout { get; set; }
}

internal sealed record CdiNetDevice
{
    public string HostInterfaceName { get; set; } = "";

    public string Name { get; set; } = "";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CdiSpec))]
internal sealed partial class CdiJson : JsonSerializerContext;
