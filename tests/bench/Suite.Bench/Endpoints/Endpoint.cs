using Grpc.Net.Client;
using Runtime.V1;
using Suite.Testing.Services;

namespace Suite.Bench.Endpoints;

/// <summary>A CRI runtime under measurement.</summary>
internal class Endpoint : IAsyncDisposable
{
    /// <summary>Of every runtime that is started to be measured: each line of a log is read by the program that measures.</summary>
    protected const string LogLevel = "warn";

    private readonly GrpcChannel _channel;

    public Endpoint(string name, string socket, string registry)
    {
        Name = name;
        Registry = registry;
        _channel = UnixChannel.To(socket);
        Runtime = new RuntimeService.RuntimeServiceClient(_channel);
        Images = new ImageService.ImageServiceClient(_channel);
    }

    public string Name { get; }

    /// <summary>Where it pulls from.</summary>
    public string Registry { get; }

    public RuntimeService.RuntimeServiceClient Runtime { get; }

    public ImageService.ImageServiceClient Images { get; }

    /// <summary>For LinuxPodSandboxConfig.cgroup_parent.</summary>
    public virtual string CgroupParent => "";

    /// <summary>Its processes, without what runs in containers. Empty: not known, no memory is reported.</summary>
    public virtual IEnumerable<int> Processes() => [];

    public virtual ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }
}
