using Suite.Testing.Files;

namespace Suite.Bench.Endpoints;

/// <summary>Files for a containerd that shares nothing with one that may be installed: its own folders, socket, bridge and addresses.</summary>
internal static class ContainerdConfiguration
{
    /// <summary>The usual settings of a node: overlayfs, runc with cgroupfs, a bridge with masquerading and published ports.</summary>
    public static string Write(TempFolder folder, string bridge, string pauseImage)
    {
        // Ranges that neither Docker, Kubernetes nor Suite give out by default.
        folder.File("cni/10-bench.conflist", $$"""
            {
              "cniVersion": "1.0.0", "name": "{{bridge}}",
              "plugins": [
                { "type": "bridge", "bridge": "{{bridge}}", "isGateway": true, "ipMasq": true, "promiscMode": true,
                  "ipam": { "type": "host-local", "dataDir": "{{folder.Path("ipam")}}",
                            "ranges": [[{ "subnet": "10.213.0.0/16" }]], "routes": [{ "dst": "0.0.0.0/0" }] } },
                { "type": "portmap", "capabilities": { "portMappings": true } }
              ]
            }
            """);
        return folder.File("config.toml", $"""
            version = 2
            root = "{folder.Path("root")}"
            state = "{folder.Path("state")}"
            disabled_plugins = ["io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
                                "io.containerd.snapshotter.v1.aufs", "io.containerd.internal.v1.opt", "io.containerd.internal.v1.tracing"]
            [grpc]
              address = "{folder.Path("containerd.sock")}"
            [plugins."io.containerd.grpc.v1.cri"]
              sandbox_image = "{pauseImage}"
              stream_server_port = "0"
              restrict_oom_score_adj = true
              disable_apparmor = true
              [plugins."io.containerd.grpc.v1.cri".containerd]
                snapshotter = "overlayfs"
                default_runtime_name = "runc"
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
                  runtime_type = "io.containerd.runc.v2"
                  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                    SystemdCgroup = false
              [plugins."io.containerd.grpc.v1.cri".cni]
                bin_dir = "/usr/lib/cni"
                conf_dir = "{folder.Path("cni")}"
            """);
    }
}
