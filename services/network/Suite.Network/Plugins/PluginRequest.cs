using System.Text.Json.Nodes;
using Suite.Network.Attachments;
using Suite.Network.Bridge.Ports;

namespace Suite.Network.Plugins;

/// <summary>Makes what a plugin is told (SPEC.md, section 3, deriving request configuration; CONVENTIONS.md).</summary>
internal static class PluginRequest
{
    /// <summary>A plugin's settings for one call: its own, the list's name and version, the run-time ones it declares, the last result.</summary>
    public static string Settings(PluginList list, JsonObject plugin, JsonObject runtime, JsonObject? lastResult, JsonArray? valid = null)
    {
        var settings = (JsonObject)plugin.DeepClone();
        settings["name"] = list.Name;
        settings["cniVersion"] = list.Version;
        settings.Remove("capabilities");
        settings.Remove("cniVersions");
        var declared = plugin["capabilities"] as JsonObject ?? [];
        var given = new JsonObject(runtime.Where(pair => PluginList.IsSet(declared, pair.Key)).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        if (given.Count > 0)
        {
            settings["runtimeConfig"] = given;
        }

        if (lastResult is not null)
        {
            settings["prevResult"] = lastResult.DeepClone();
        }

        if (valid is not null)
        {
            settings["cni.dev/valid-attachments"] = valid.DeepClone();
            settings["cni.dev/attachments"] = valid.DeepClone(); // the name by which libcni up to 1.3 gives it
        }

        return settings.ToJsonString();
    }

    /// <summary>CNI_ARGS exactly as other runtimes give it: plugins take these apart by name.</summary>
    public static string Arguments(string sandbox, PodFacts pod) => string.Join(
        ';',
        "IgnoreUnknown=1",
        $"K8S_POD_NAMESPACE={Clean(pod.Namespace)}",
        $"K8S_POD_NAME={Clean(pod.Name)}",
        $"K8S_POD_INFRA_CONTAINER_ID={sandbox}",
        $"K8S_POD_UID={Clean(pod.Uid)}");

    /// <summary>Everything that a plugin may declare to want.</summary>
    public static JsonObject Runtime(AttachmentRecord attachment, IReadOnlyList<PortWish> ports)
    {
        var pod = attachment.Details.Pod;
        var runtime = new JsonObject
        {
            ["portMappings"] = new JsonArray([.. ports.Where(port => port.HostPort != 0).Select(ToJson)]),
            ["aliases"] = new JsonArray(attachment.ShortName),
        };
        if (attachment.Details.Dns is { IsEmpty: false } dns)
        {
            runtime["dns"] = new JsonObject { ["servers"] = ToJson(dns.Servers), ["searches"] = ToJson(dns.Searches), ["options"] = ToJson(dns.Options) };
        }

        if (pod is { Annotations.Count: > 0 })
        {
            runtime["io.kubernetes.cri.pod-annotations"] = new JsonObject(pod.Annotations.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value)));
        }

        if (pod is { CgroupPath.Length: > 0 })
        {
            runtime["cgroupPath"] = pod.CgroupPath;
        }

        if (pod is not null && Bandwidth.Of(pod.Annotations) is { } bandwidth)
        {
            runtime["bandwidth"] = bandwidth;
        }

        return runtime;
    }

    private static JsonNode ToJson(PortWish port)
    {
        var mapping = new JsonObject { ["hostPort"] = port.HostPort, ["containerPort"] = port.ContainerPort, ["protocol"] = Name(port.Protocol) };
        if (port.HostAddress is { } address)
        {
            mapping["hostIP"] = address.ToString();
        }

        return mapping;
    }

    private static string Name(PortProtocol protocol) => protocol.ToString().ToLowerInvariant();

    private static JsonArray ToJson(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    /// <summary>A semicolon would begin another argument.</summary>
    private static string Clean(string value) => new([.. value.Where(c => c is not ';' and not '\n')]);
}
