using System.Text.Json;
using Suite.Oci.Runtime;
using Suite.Runtime.Containers;
using Suite.Runtime.Pods;
using Suite.Runtime.Specs;
using Suite.Runtime.Store;

namespace Suite.Runtime.Endpoints;

/// <summary>
/// What crictl inspect and inspectp show below "info", under the names that scripts look for: sandboxID, pid, runtimeSpec.
/// Environment variables are in the specification, as they are with every runtime: who may call may exec as well.
/// </summary>
internal sealed class VerboseInfo(Inventory inventory, ContainerPlanner planner, PodPlaces places)
{
    public string Of(Pod pod) => Write(json =>
    {
        json.WriteNumber("pid", pod.Shim?.Pid ?? 0);
        json.WriteString("state", pod.State.ToString());
        json.WriteString("runtimeHandler", pod.RuntimeHandler);
        json.WriteString("cgroupPath", places.CgroupOf(pod));
        json.WriteString("netNamespace", pod.NetnsPath ?? "");
        Write(json, "overhead", pod.Config.Overhead);
        Write(json, "resources", pod.Config.Resources);
        json.WriteStartObject("sysctls");
        foreach (var (name, value) in pod.Config.Sysctls)
            json.WriteString(name, value);
        json.WriteEndObject();
    });

    public string Of(ContainerRecord container) => Write(json =>
    {
        json.WriteString("sandboxID", container.PodId);
        json.WriteNumber("pid", container.Pid);
        json.WriteString("state", container.State.ToString());
        if (!inventory.TryGetPod(container.PodId, out var pod))
            return;
        json.WriteString("cgroupPath", places.CgroupOf(pod, container.Id));
        json.WritePropertyName("runtimeSpec");
        json.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes(planner.SpecOf(container, pod), RuntimeJson.Default.Spec));
    });

    private static string Write(Action<Utf8JsonWriter> body)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void Write(Utf8JsonWriter json, string name, ContainerResources? resources)
    {
        if (resources is null)
            return;
        json.WriteStartObject(name);
        json.WriteNumber("cpuPeriod", resources.CpuPeriod);
        json.WriteNumber("cpuQuota", resources.CpuQuota);
        json.WriteNumber("cpuShares", resources.CpuShares);
        json.WriteNumber("memoryLimitInBytes", resources.MemoryBytes);
        json.WriteEndObject();
    }
}
