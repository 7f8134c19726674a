using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Suite.Hosting.Sockets;

namespace Suite.Hosting;

/// <summary>What a service adds to the common host: its options, its parts, its endpoints.</summary>
public sealed class SuiteHostBuilder
{
    private readonly WebApplicationBuilder _web;
    private readonly List<Action<IEndpointRouteBuilder>> _endpoints = [];
    private readonly List<Func<IServiceProvider, CancellationToken, Task>> _beforeListening = [];

    internal SuiteHostBuilder(string service, SuitePaths paths, WebApplicationBuilder web)
    {
        Service = service;
        Paths = paths;
        _web = web;
    }

    /// <summary>The name without "suite-": runtime, image, network or registry.</summary>
    public string Service { get; }

    public SuitePaths Paths { get; }

    /// <summary>ROOT/SERVICE, which exists by now.</summary>
    public string StateDirectory => Paths.StateDirectory(Service);

    /// <summary>The merged settings. <c>Services.Configure&lt;TOptions&gt;(Configuration)</c> binds without reflection, by the source generator.</summary>
    public IConfiguration Configuration => _web.Configuration;

    public IServiceCollection Services => _web.Services;

    internal IReadOnlyList<Action<IEndpointRouteBuilder>> Endpoints => _endpoints;

    internal IReadOnlyList<Func<IServiceProvider, CancellationToken, Task>> Preparations => _beforeListening;

    /// <summary>Serves a gRPC service, one instance for the life of the process.</summary>
    public SuiteHostBuilder MapGrpc<[DynamicallyAccessedMembers(
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods)] TService>()
        where TService : class
    {
        Services.AddSingleton<TService>();
        _endpoints.Add(routes => routes.MapGrpcService<TService>().OnOwnSocketOnly());
        return this;
    }

    /// <summary>Adds other endpoints, such as plain HTTP.</summary>
    public SuiteHostBuilder Map(Action<IEndpointRouteBuilder> map)
    {
        _endpoints.Add(map);
        return this;
    }

    /// <summary>Makes UseHttps possible for further ports. Only who needs it links the TLS code.</summary>
    public SuiteHostBuilder AllowHttps()
    {
        _web.WebHost.UseKestrelHttpsConfiguration();
        return this;
    }

    /// <summary>Opens further ports, sets limits. The service's unix socket is there already.</summary>
    public SuiteHostBuilder ConfigureKestrel(Action<KestrelServerOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }

    /// <summary>
    /// Runs before the socket opens, in the order added: recovery, reconciliation. When it fails the service does not start.
    /// </summary>
    public SuiteHostBuilder BeforeListening(Func<IServiceProvider, CancellationToken, Task> prepare)
    {
        _beforeListening.Add(prepare);
        return this;
    }
}
