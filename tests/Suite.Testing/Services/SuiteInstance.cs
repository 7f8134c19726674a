using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Runtime.V1;
using Suite.Container.V1;
using Suite.Linux.Errors;
using Suite.Network.V1;
using Suite.Testing.Files;
using Suite.Testing.Leaks;
using Xunit;

namespace Suite.Testing.Services;

/// <summary>
/// The four services of out/bin on folders, a name and a port of their own, so that any number of them run side by side. Disposing removes
/// every pod, stops the services, and fails when something is left or when a log holds an error that no test expected.
/// </summary>
public sealed class SuiteInstance : IAsyncDisposable
{
    // In the order of need: runtime calls image and network, image calls the registry.
    private static readonly string[] Names = ["registry", "image", "network", "runtime"];
    // In the virtual machine of tests/vm time counts five times.
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("SUITE_VM_RUN") is null ? 20 : 100);

    private readonly Dictionary<string, ServiceProcess> _services = [];
    private readonly ConcurrentDictionary<string, GrpcChannel> _channels = [];
    private readonly List<Regex> _expected = [];
    private readonly List<string> _pastErrors = [];
    private readonly LeakGuard _guard;
    private readonly TempFolder _folder;
    private readonly IReadOnlyDictionary<string, string> _environment;

    private SuiteInstance(string name, IReadOnlyDictionary<string, string> environment)
    {
        Name = name;
        _environment = environment;
        _guard = new LeakGuard(name);
        _folder = new TempFolder(name);
        Root = _folder.Folder("root");
        Run = _folder.Folder("run");
        Config = _folder.Folder("config");
        RegistryPort = LoopbackPort.Free();
        _folder.File("config/registry.json", $$"""{ "listen": "127.0.0.1:{{RegistryPort}}" }""");
    }

    /// <summary>The --instance: what the kernel's things are named after.</summary>
    public string Name { get; }

    public string Root { get; }

    public string Run { get; }

    public string Config { get; }

    /// <summary>The registry is on 127.0.0.1 at this port: the host part of an image's name.</summary>
    public int RegistryPort { get; }

    public string Registry => $"127.0.0.1:{RegistryPort}";

    /// <summary>The flags that point any executable of the suite at this instance.</summary>
    public IReadOnlyList<string> Flags => ["--root", Root, "--run", Run, "--config", Config, "--instance", Name];

    public RuntimeService.RuntimeServiceClient Runtime => new(Channel("runtime"));

    public Containers.ContainersClient Containers => new(Channel("runtime"));

    public ImageService.ImageServiceClient Images => new(Channel("runtime"));

    /// <summary>Starts all four and returns when each says over grpc.health.v1 that it serves.</summary>
    public static Task<SuiteInstance> StartAsync([CallerFilePath] string file = "", [CallerMemberName] string member = "") =>
        StartAsync(InstanceName.OfCaller(file, member), Names);

    /// <summary>Starts all four with variables beside those that the test itself has.</summary>
    public static Task<SuiteInstance> StartAsync(string name, IReadOnlyDictionary<string, string> environment) =>
        StartAsync(name, Names, environment);

    /// <param name="name">The instance's name, at most eight characters.</param>
    /// <param name="services">Those to start; others can be started later.</param>
    public static Task<SuiteInstance> StartAsync(string name, IReadOnlyCollection<string> services) =>
        StartAsync(name, services, new Dictionary<string, string>());

    private static async Task<SuiteInstance> StartAsync(
        string name, IReadOnlyCollection<string> services, IReadOnlyDictionary<string, string> environment)
    {
        var instance = new SuiteInstance(name, environment);
        try
        {
            foreach (var service in Names.Where(services.Contains))
                instance.Launch(service);
            foreach (var service in Names.Where(services.Contains))
                await instance.WaitUntilServingAsync(service);
            return instance;
        }
        catch
        {
            await instance.AbandonAsync();
            throw;
        }
    }

    /// <summary>The process of a service, for kill -9 and for its log.</summary>
    public ServiceProcess Service(string name) => _services[name];

    /// <summary>A channel to a service's socket. It outlives a restart of the service.</summary>
    public GrpcChannel Channel(string service) => _channels.GetOrAdd(service, name => UnixChannel.To(Path.Combine(Run, $"{name}.sock")));

    /// <summary>Starts a service that is not running and waits until it serves.</summary>
    public async Task StartServiceAsync(string name)
    {
        Launch(name);
        await WaitUntilServingAsync(name);
    }

    /// <summary>Stops and starts one service.</summary>
    public async Task RestartAsync(string name)
    {
        await _services[name].StopAsync();
        await StartServiceAsync(name);
    }

    /// <summary>Says that a log line at error level is part of the test. A pattern of System.Text.RegularExpressions.</summary>
    public void Expect(string pattern) => _expected.Add(new Regex(pattern));

    public async ValueTask DisposeAsync()
    {
        try
        {
            await EmptyAsync();
            foreach (var service in Names.Reverse().Where(_services.ContainsKey))
                await _services[service].StopAsync();
            var unexpected = UnexpectedErrors();
            Assert.True(unexpected.Count == 0, $"{Name} logged errors that the test did not expect:\n  {string.Join("\n  ", unexpected)}");
        }
        finally
        {
            await AbandonAsync();
        }

        _guard.AssertNothingLeft();
    }

    private void Launch(string name)
    {
        if (_services.Remove(name, out var before))
        {
            _pastErrors.AddRange(before.Errors);
            if (!before.HasExited)
                throw new SuiteException(ErrorKind.FailedPrecondition, $"start suite-{name}: it is running");
        }

        _services[name] = ServiceProcess.Start(name, TestPaths.Executable($"suite-{name}"), Flags, _environment);
    }

    private async Task WaitUntilServingAsync(string name)
    {
        var service = _services[name];
        var health = new Health.HealthClient(Channel(name));
        using var limit = new CancellationTokenSource(StartPatience);
        var last = "it never answered";
        while (true)
        {
            if (service.HasExited)
                throw NotServing(service, "it ended");
            if (limit.IsCancellationRequested)
                throw NotServing(service, $"it was not healthy after {StartPatience.TotalSeconds} s ({last})");
            try
            {
                var answer = await health.CheckAsync(new HealthCheckRequest(), deadline: DateTime.UtcNow.AddSeconds(2));
                if (answer.Status == HealthCheckResponse.Types.ServingStatus.Serving)
                    return;
                last = $"its health is {answer.Status}";
            }
            catch (Grpc.Core.RpcException e)
            {
                // Not listening yet, most likely.
                last = e.Status.ToString();
            }

            await Task.Delay(10, CancellationToken.None);
        }
    }

    private static SuiteException NotServing(ServiceProcess service, string why) =>
        new(ErrorKind.Unavailable, $"start suite-{service.Name}: {why}. Its log:\n  {string.Join("\n  ", service.Log)}");

    /// <summary>Removes containers, pods and what the network keeps between them: they outlive the services on purpose.</summary>
    private async Task EmptyAsync()
    {
        if (Serves("runtime"))
        {
            foreach (var container in (await Containers.ListAsync(new ListRequest { All = true })).Containers.Where(c => !c.Kubernetes))
                await Containers.RemoveAsync(new RemoveRequest { Container = container.Id, Force = true });
            foreach (var pod in (await Runtime.ListPodSandboxAsync(new ListPodSandboxRequest())).Items)
            {
                await Runtime.StopPodSandboxAsync(new StopPodSandboxRequest { PodSandboxId = pod.Id });
                await Runtime.RemovePodSandboxAsync(new RemovePodSandboxRequest { PodSandboxId = pod.Id });
            }
        }

        if (Serves("network"))
            await new Network.V1.Network.NetworkClient(Channel("network")).ReleaseAsync(new ReleaseRequest());
    }

    private bool Serves(string name) => _services.TryGetValue(name, out var service) && !service.HasExited;

    private List<string> UnexpectedErrors() =>
        [.. _services.Values.SelectMany(service => service.Errors).Concat(_pastErrors).Where(line => !_expected.Any(pattern => pattern.IsMatch(line)))];

    private async Task AbandonAsync()
    {
        foreach (var channel in _channels.Values)
            channel.Dispose();
        foreach (var service in _services.Values)
            await service.DisposeAsync();
        _folder.Dispose();
    }
}
