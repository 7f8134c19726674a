using System.Collections.Frozen;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Suite.Hosting.Audit;
using Suite.Hosting.Authorities;
using Suite.Hosting.Clients;
using Suite.Hosting.Configuration;
using Suite.Hosting.Errors;
using Suite.Hosting.Flags;
using Suite.Hosting.Logging;
using Suite.Hosting.Memory;
using Suite.Hosting.Sockets;
using Suite.Hosting.Telemetry;
using Suite.Linux.Errors;
using Tmds.Linux;

namespace Suite.Hosting;

/// <summary>Puts a host together, in this order: folders, locks, settings, parts, recovery, socket.</summary>
internal static class HostAssembly
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Others may pass through to a folder whose path they know, and list nothing.
    private const UnixFileMode PassThrough = Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static async Task<SuiteHost> StartAsync(
        string service, HostFlags flags, Action<SuiteHostBuilder> compose, CancellationToken cancellationToken)
    {
        var locks = new Stack<IDisposable>();
        try
        {
            MakeFolders(service, flags.Paths);
            TakeLocks(service, flags.Paths, locks);
            UnixListener.Prepare(flags.Paths.SocketPath(service));
            var started = false;
            var (app, preparations) = Build(service, flags, compose, () => Volatile.Read(ref started));
            var host = new SuiteHost(app, locks);
            try
            {
                foreach (var prepare in preparations)
                    await prepare(app.Services, cancellationToken).ConfigureAwait(false);
                await host.StartAsync(cancellationToken).ConfigureAwait(false);
                Volatile.Write(ref started, true);
                return host;
            }
            catch
            {
                await app.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch
        {
            while (locks.TryPop(out var held))
                held.Dispose();
            throw;
        }
    }

    private static void MakeFolders(string service, SuitePaths paths)
    {
        try
        {
            Directory.CreateDirectory(paths.Root, PassThrough);
            Directory.CreateDirectory(paths.StateDirectory(service), Private);
            Directory.CreateDirectory(paths.Run, PassThrough);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException(
                ErrorKind.PermissionDenied, $"cannot make the folders {paths.Root} and {paths.Run}: {e.Message} Run as root, or choose others with --root and --run", e);
        }
    }

    // The socket's lock keeps two services off one socket; the state's keeps two with different --run off one database.
    private static void TakeLocks(string service, SuitePaths paths, Stack<IDisposable> locks)
    {
        locks.Push(InstanceLock.Acquire(
            paths.Run, service, pid => $"already running on {paths.SocketPath(service)} ({pid})"));
        var state = paths.StateDirectory(service);
        locks.Push(InstanceLock.Acquire(state, "instance", pid => $"another suite-{service} already uses {state} ({pid})"));
    }

    private static (WebApplication App, IReadOnlyList<Func<IServiceProvider, CancellationToken, Task>> Preparations) Build(
        string service, HostFlags flags, Action<SuiteHostBuilder> compose, Func<bool> isStarted)
    {
        // Empty, not slim: that reads appsettings.json of the current folder and ASPNETCORE_URLS, which are not ours.
        var web = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "suite-" + service,
            ContentRootPath = AppContext.BaseDirectory,
        });
        // Before the service's own settings for Kestrel, which may need what this one puts into its options.
        web.WebHost.UseKestrelCore();
        ConfigurationFiles.AddTo(web.Configuration, service, flags);
        web.Configuration.AddInMemoryCollection(TelemetryExport.Variables());
        var shared = web.Configuration.Get<SharedOptions>() ?? new SharedOptions();
        ConsoleLogging.AddTo(web.Logging, flags.LogLevel ?? HostFlags.Level(shared.LogLevel), IsJson(shared.LogFormat), isStarted);

        var services = web.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(flags.Paths);
        services.AddRoutingCore();
        services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<ErrorInterceptor>();
            grpc.MaxReceiveMessageSize = ServiceChannel.LargestMessage;
            grpc.MaxSendMessageSize = ServiceChannel.LargestMessage;
            grpc.IgnoreUnknownServices = false;
        });
        services.AddSingleton<AuditLog>();
        services.AddSingleton<ErrorInterceptor>();
        // Without a check of any kind the health service answers UNKNOWN. That it answers at all is the one.
        services.AddGrpcHealthChecks().AddCheck("answers", () => HealthCheckResult.Healthy());
        services.AddSystemd();
        services.AddHostedService<IdleTrim>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        TelemetryExport.AddTo(services, service, SuiteHost.Version, flags.Paths.Instance);

        var builder = new SuiteHostBuilder(service, flags.Paths, web);
        compose(builder);

        var allowed = shared.AllowedUsers.Append((uint)LibC.geteuid()).ToFrozenSet();
        services.AddSingleton(provider => new PeerCheck(allowed, provider.GetRequiredService<ILogger<PeerCheck>>()));
        Listen(web, flags.Paths.SocketPath(service));

        var app = web.Build();
        app.MapGrpcHealthChecksService().OnOwnSocketOnly();
        foreach (var map in builder.Endpoints)
            map(app);
        return (app, builder.Preparations);
    }

    private static void Listen(WebApplicationBuilder web, string socketPath)
    {
        web.Services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = UnixListener.Bind);
        web.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenUnixSocket(socketPath, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.Use(kestrel.ApplicationServices.GetRequiredService<PeerCheck>().Guard);
                listen.Use(AnyAuthority.Accept);
            });
        });
    }

    private static bool IsJson(string format) => format switch
    {
        "json" => true,
        "text" => false,
        _ => throw new SuiteException(ErrorKind.InvalidArgument, $"logFormat '{format}' is not text or json"),
    };
}
