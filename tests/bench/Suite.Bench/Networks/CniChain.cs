using System.Text.Json.Nodes;
using Suite.Linux.Namespaces;

namespace Suite.Bench.Networks;

/// <summary>
/// The chain bridge, host-local, portmap as a runtime runs it: a namespace, then a process for each plugin, the bridge's own start of
/// host-local inside the first. Called from a thread inside the host.
/// </summary>
internal sealed class CniChain(BenchHost host)
{
    public const string Folder = "/usr/lib/cni";
    public const string Bridge = "cnibench0";

    private readonly string _bridge =
        $$$"""
        {"cniVersion":"1.0.0","name":"bench","type":"bridge","bridge":"{{{Bridge}}}","isGateway":true,"ipMasq":true,"hairpinMode":true,
         "ipam":{"type":"host-local","dataDir":"{{{host.Folder.Path("ipam")}}}","ranges":[[{"subnet":"10.77.0.0/16"}]],"routes":[{"dst":"0.0.0.0/0"}]}}
        """;

    /// <summary>Connects a pod with one published port.</summary>
    /// <returns>Its address.</returns>
    public string Add(string pod, string namespacePath, int port)
    {
        using (var space = NetworkNamespace.Create(() => 0, out _))
            space.BindTo(namespacePath);
        var result = Call("ADD", "bridge", pod, namespacePath, _bridge);
        Call("ADD", "portmap", pod, namespacePath, Portmap(port, result));
        var first = (string)JsonNode.Parse(result)!["ips"]![0]!["address"]!;
        return first[..first.IndexOf('/')];
    }

    public void Delete(string pod, string namespacePath, int port)
    {
        Call("DEL", "portmap", pod, namespacePath, Portmap(port, null));
        Call("DEL", "bridge", pod, namespacePath, _bridge);
        NetworkNamespace.Unbind(namespacePath);
    }

    private static string Portmap(int port, string? result) =>
        $$$"""
        {"cniVersion":"1.0.0","name":"bench","type":"portmap","snat":true,"runtimeConfig":{"portMappings":[{"hostPort":{{{port}}},"containerPort":80,"protocol":"tcp"}]}{{{(result is null ? "" : $",\"prevResult\":{result}")}}}}
        """;

    private static string Call(string command, string plugin, string pod, string namespacePath, string settings) => BenchHost.Execute(
        Path.Combine(Folder, plugin),
        settings,
        new Dictionary<string, string>
        {
            ["CNI_COMMAND"] = command,
            ["CNI_CONTAINERID"] = pod,
            ["CNI_NETNS"] = namespacePath,
            ["CNI_IFNAME"] = "eth0",
            ["CNI_PATH"] = Folder,
        },
        []);
}
