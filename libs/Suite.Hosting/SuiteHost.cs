using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Suite.Hosting.Flags;
using Suite.Hosting.Memory;
using Suite.Linux.Errors;

namespace Suite.Hosting;

/// <summary>
/// A running service. A program is one call of <see cref="RunAsync"/>; tests use <see cref="StartAsync"/> to have a service within their
/// own process.
/// </summary>
public sealed class SuiteHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Stack<IDisposable> _locks;

    internal SuiteHost(WebApplication app, Stack<IDisposable> locks)
    {
        _app = app;
        _locks = locks;
    }

    public IServiceProvider Services => _app.Services;

    /// <summary>What it listens on, for example http://127.0.0.1:41234 where port 0 was asked for.</summary>
    public ICollection<string> Addresses => _app.Urls;

    internal static string Version =>
        typeof(SuiteHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Runs a service until SIGTERM or SIGINT. 0: ended as asked; 1: could not start; 2: wrong arguments.</summary>
    /// <param name="service">runtime, image, network or registry.</param>
    /// <param name="args">The command line.</param>
    /// <param name="compose">Adds the service's own parts.</param>
    public static async Task<int> RunAsync(string service, string[] args, Action<SuiteHostBuilder> compose)
    {
        HostFlags flags;
        try
        {
            flags = HostFlags.Parse(args, Environment.GetEnvironmentVariable);
        }
        catch (SuiteException e)
        {
            return Complain(service, e.Message, 2);
        }

        if (flags.Help || flags.Version)
        {
            Console.Out.Write(flags.Help ? Usage.Of(service) : $"suite-{service} {Version}\n");
            return 0;
        }

        try
        {
            await using var host = await HostAssembly.StartAsync(service, flags, compose, CancellationToken.None).ConfigureAwait(false);
            MemoryTrim.Run(); // what only the start needed
            await host._app.WaitForShutdownAsync().ConfigureAwait(false);
            return 0;
        }
        catch (SuiteException e)
        {
            return Complain(service, e.Message, 1);
        }
    }

    /// <summary>Starts a service in this process and returns when it listens. Disposing stops it.</summary>
    public static Task<SuiteHost> StartAsync(string service, string[] args, Action<SuiteHostBuilder> compose, CancellationToken cancellationToken) =>
        HostAssembly.StartAsync(service, HostFlags.Parse(args, Environment.GetEnvironmentVariable), compose, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        while (_locks.TryPop(out var held))
            held.Dispose();
    }

    internal Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    private static int Complain(string service, string sentence, int exitCode)
    {
        Console.Error.WriteLine($"suite-{service}: {sentence}");
        return exitCode;
    }
}
