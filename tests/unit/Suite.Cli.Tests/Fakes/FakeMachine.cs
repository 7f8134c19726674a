using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Suite.Cli.Output;
using Suite.Testing.Files;

namespace Suite.Cli.Tests.Fakes;

/// <summary>The sockets of a machine with services behind them that a test commands, and the CLI as a person calls it.</summary>
internal sealed class FakeMachine : IAsyncDisposable
{
    private readonly TempFolder _folder = new("cli");
    private readonly List<WebApplication> _applications = [];

    public static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public FakeContainers Containers { get; } = new();

    public FakeImages Images { get; } = new();

    public FakeNetwork Network { get; } = new();

    public FakeRegistry Registry { get; } = new();

    public Dictionary<string, string> Environment { get; } = [];

    public TempFolder Folder => _folder;

    public static async Task<FakeMachine> StartAsync()
    {
        var machine = new FakeMachine();
        await machine.ListenAsync("runtime.sock", machine.Containers, a =>
        {
            a.MapGrpcService<FakeContainers>();
            a.MapGrpcService<FakeVolumes>();
        });
        await machine.ListenAsync("image.sock", machine.Images, a => a.MapGrpcService<FakeImages>());
        await machine.ListenAsync("network.sock", machine.Network, a => a.MapGrpcService<FakeNetwork>());
        await machine.ListenAsync("registry.sock", machine.Registry, a => a.MapGrpcService<FakeRegistry>());
        return machine;
    }

    /// <summary>A machine whose services are down.</summary>
    public static FakeMachine Down() => new();

    public async Task<CliResult> RunAsync(params string[] args) => await RunAsync([], args);

    public async Task<CliResult> RunWithInputAsync(string input, params string[] args) => await RunAsync(Encoding.UTF8.GetBytes(input), args);

    public async Task<CliResult> RunWithInputAsync(byte[] input, params string[] args) => await RunAsync(input, args);

    /// <summary>Without --run in front: the CLI finds the services by itself.</summary>
    public Task<CliResult> RunWithoutFolderAsync(params string[] args) => CallAsync([], args);

    public async ValueTask DisposeAsync()
    {
        foreach (var application in _applications)
            await application.DisposeAsync();
        _folder.Dispose();
    }

    private Task<CliResult> RunAsync(byte[] input, string[] args) => CallAsync(input, ["--run", _folder.FullName, .. args]);

    private async Task<CliResult> CallAsync(byte[] input, string[] args)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        var streams = new StandardStreams(new MemoryStream(input), output, error);
        int exitCode;
        await using (var session = new Session(streams, Variable, new FixedTime()))
            exitCode = await CommandLine.RunAsync(args, session);
        return new CliResult(exitCode, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }

    private string? Variable(string name) => Environment.GetValueOrDefault(name);

    private async Task ListenAsync<T>(string socket, T service, Action<WebApplication> map)
        where T : class
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
            k.ListenUnixSocket(_folder.Path(socket), l => l.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(service);
        var application = builder.Build();
        map(application);
        await application.StartAsync();
        _applications.Add(application);
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}

internal sealed record CliResult(int ExitCode, string Output, string Error);
