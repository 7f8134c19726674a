using System.Text.Json.Nodes;
using Suite.Network.V1;

namespace Suite.Root.Tests.Network;

/// <summary>
/// A service with one list of a plugin that the test commands: a script that writes down each call and its settings, and does what
/// the file "mode" says at the call.
/// </summary>
internal sealed class PluginRig(ServiceRig rig) : IAsyncDisposable
{
    private const string Script = """
        #!/bin/sh
        here=FOLDER
        settings=$(cat)
        n=$(ls "$here/calls" | wc -l)
        printf '%s\n%s\n%s\n%s\n%s\n%s' "$CNI_COMMAND" "$CNI_CONTAINERID" "$CNI_NETNS" "$CNI_IFNAME" "$CNI_ARGS" "$settings" > "$here/calls/$(printf %04d $n)"
        mode=$(cat "$here/mode")
        case "$mode:$CNI_COMMAND" in
          hang:ADD|hang-status:STATUS|hang-del:DEL) sleep 60 ;;
          garbage:ADD) echo 'no json' ;;
          nothing:ADD) ;;
          flood:ADD) head -c 3000000 /dev/zero ;;
          noaddress:ADD) echo '{"cniVersion":"1.1.0"}' ;;
          fail:ADD) echo '{"cniVersion":"1.1.0","code":7,"msg":"bad range","details":"10.0.0.0/33"}'; exit 1 ;;
          crash:ADD) kill -9 $$ ;;
          fail-del:DEL) echo '{"cniVersion":"1.1.0","code":11,"msg":"not now"}'; exit 1 ;;
          unready:STATUS) echo '{"cniVersion":"1.1.0","code":50,"msg":"agent is starting"}'; exit 1 ;;
          lost:CHECK) echo '{"cniVersion":"1.1.0","code":101,"msg":"route is gone"}'; exit 1 ;;
          daemon:ADD) sleep 30 & echo '{"cniVersion":"1.1.0","ips":[{"address":"10.99.0.7/24"}]}' ;;
          *:ADD) echo '{"cniVersion":"1.1.0","interfaces":[{"name":"eth0","mac":"02:00:00:00:00:07","sandbox":"'"$CNI_NETNS"'"}],"ips":[{"interface":0,"address":"10.99.0.7/24","gateway":"10.99.0.1"}],"dns":{"nameservers":["10.99.0.53"]}}' ;;
        esac
        """;

    public ServiceRig Service => rig;

    /// <summary>The calls so far, oldest first, but for collections: the service starts one whenever it likes.</summary>
    public IReadOnlyList<Call> Calls => [.. All.Where(call => call.Command != "GC")];

    public IReadOnlyList<Call> Collections => [.. All.Where(call => call.Command == "GC")];

    private IEnumerable<Call> All => [.. Directory.GetFiles(rig.Folder.Path("calls")).Order(StringComparer.Ordinal).Select(file => Call.Read(File.ReadAllText(file)))];

    public IReadOnlyList<string> Commands => [.. Calls.Select(call => call.Command)];

    public static async Task<PluginRig> StartAsync(string instance)
    {
        var rig = new PluginRig(await ServiceRig.StartAsync(instance));
        var folder = rig.Service.Folder;
        folder.Folder("calls");
        rig.Mode("ok");
        File.WriteAllText(folder.File("plugins/fake", ""), Script.Replace("FOLDER", folder.FullName, StringComparison.Ordinal));
        File.SetUnixFileMode(folder.Path("plugins", "fake"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        rig.WriteList("10-fake.conflist", "fakenet");
        return rig;
    }

    public void Mode(string mode) => File.WriteAllText(Service.Folder.Path("mode"), mode);

    public void WriteList(string file, string name, string version = "1.1.0", int plugins = 2)
    {
        string list = string.Join(',', Enumerable.Range(0, plugins).Select(n => $$$"""{"type":"fake","number":{{{n}}},"capabilities":{"portMappings":true,"bandwidth":true,"io.kubernetes.cri.pod-annotations":true}}"""));
        Service.Folder.File($"config/cni/net.d/{file}", $$"""{"cniVersion":"{{version}}","name":"{{name}}","plugins":[{{list}}]}""");
    }

    public async Task<Attachment> AttachAsync(string sandbox, params (uint Host, uint Container)[] ports)
    {
        var request = Service.Request(sandbox, ports);
        request.Pod = new PodDetails { Namespace = "default", Name = sandbox, Uid = "uid-1", Annotations = { ["kubernetes.io/ingress-bandwidth"] = "10M" } };
        return (await Service.Client.AttachAsync(request)).Attachment;
    }

    public ValueTask DisposeAsync()
    {
        Mode("ok");
        return Service.DisposeAsync();
    }

    internal sealed record Call(string Command, string Container, string Namespace, string Interface, string Arguments, JsonObject Settings)
    {
        public static Call Read(string text) => text.Split('\n', 6) is [var command, var container, var space, var link, var arguments, var settings]
            ? new Call(command, container, space, link, arguments, (JsonObject)JsonNode.Parse(settings)!)
            : throw new FormatException(text);
    }
}
