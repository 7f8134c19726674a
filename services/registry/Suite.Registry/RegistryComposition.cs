using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Suite.Hosting;
using Suite.Hosting.Databases;
using Suite.Oci.References;
using Suite.Registry.Access;
using Suite.Registry.Administration;
using Suite.Registry.Blobs;
using Suite.Registry.Catalog;
using Suite.Registry.Distribution;
using Suite.Registry.Garbage;
using Suite.Registry.Limits;
using Suite.Registry.Listening;
using Suite.Registry.Locks;
using Suite.Registry.Measurements;
using Suite.Registry.Pages;
using Suite.Registry.Searching;
using Suite.Registry.Tokens;
using Suite.Registry.Upstreams;

namespace Suite.Registry;

/// <summary>What suite-registry is made of.</summary>
internal static class RegistryComposition
{
    public static void Compose(SuiteHostBuilder host)
    {
        var options = new RegistryOptions();
        host.Configuration.Bind(options);
        host.Services.AddSingleton(options);

        host.Services.AddSingleton(_ => Schema.Open(Path.Combine(host.StateDirectory, "registry.db")));
        host.Services.AddSingleton<IBlobStore>(_ => new FileBlobStore(host.StateDirectory));
        host.Services.AddSingleton<KeyedLock<Digest>>();
        host.Services.AddSingleton<UploadSessions>();
        host.Services.AddSingleton<BlobAdmission>();
        host.Services.AddHostedService<UploadUpkeep>();

        AddAccess(host, options);
        host.Services.AddSingleton<RegistryMetrics>();
        var upstreams = new UpstreamClients(options.Upstreams);
        host.Services.AddSingleton(_ => upstreams);
        host.Services.AddSingleton<ManifestCache>();
        host.Services.AddSingleton<BlobTransfer>();
        host.Services.AddSingleton<BlobCache>();
        host.Services.AddSingleton<ListRelay>();
        host.Services.AddSingleton<HttpAudit>();
        host.Services.AddSingleton<RequestGuard>();
        host.Services.AddSingleton<BlobSending>();
        host.Services.AddSingleton<BlobRequests>();
        host.Services.AddSingleton<UploadRequests>();
        host.Services.AddSingleton<ManifestIntake>();
        host.Services.AddSingleton<ManifestRemoval>();
        host.Services.AddSingleton<ManifestRequests>();
        host.Services.AddSingleton<ListRequests>();
        host.Services.AddSingleton<ReferrerRequests>();
        host.Services.AddSingleton<DistributionEndpoint>();
        host.Services.AddSingleton<TokenRequests>();
        host.Services.AddSingleton<SearchRequests>();
        host.Services.AddSingleton<PageAssets>();
        host.Services.AddSingleton<PageRequests>();
        host.Services.AddSingleton<TagRequests>();
        host.Services.AddSingleton<StoreVerification>();
        host.Services.AddSingleton(options.Garbage);
        host.Services.AddSingleton(new RetentionPlan(options.Garbage.Retention));
        host.Services.AddSingleton<Renewals>();
        host.Services.AddSingleton<Pulls>();
        host.Services.AddHostedService<PullUpkeep>();
        host.Services.AddSingleton<GarbageCollection>();
        host.Services.AddHostedService<Upkeep>();

        if (options.Certificate is not null)
            host.AllowHttps();
        host.Services.AddSingleton<BlockPools>();
        host.Services.AddSingleton<IMemoryPoolFactory<byte>>(services => services.GetRequiredService<BlockPools>());
        host.Services.AddHostedService(services => services.GetRequiredService<BlockPools>());
        host.Services.Configure<SocketTransportOptions>(SocketBuffers.Set);
        host.ConfigureKestrel(kestrel => ListenAddresses.Open(kestrel, options));
        host.MapGrpc<RegistryAdministration>();
        Map<DistributionEndpoint>(host, "/v2/{**path}", endpoint => endpoint.HandleAsync);
        Map<TokenRequests>(host, Challenge.TokenPath, endpoint => endpoint.HandleAsync);
        Map<SearchRequests>(host, "/v1/search", endpoint => endpoint.HandleAsync);
        // Docker's clients ask for this before they search.
        host.Map(routes => routes.Map("/v1/_ping", (RequestDelegate)(http => http.Response.WriteContentAsync("true"u8.ToArray(), "application/json"))));
        // Reads, so that it says more than that the process runs; needs no login, as probes have none.
        Map<Database>(host, "/healthz", database => http =>
        {
            database.Read(Repositories.CountAll);
            return http.Response.WriteContentAsync("ok\n"u8.ToArray(), "text/plain");
        });
        if (options.Metrics)
            MetricsEndpoint.Add(host);
        if (options.WebPage)
        {
            Map<TagRequests>(host, "/ui/tags", endpoint => endpoint.HandleAsync);
            Map<PageRequests>(host, "/ui/{file}", endpoint => endpoint.HandleAsync);
            Map<PageRequests>(host, "/", endpoint => endpoint.HandleAsync);
        }
    }

    private static void Map<T>(SuiteHostBuilder host, string route, Func<T, RequestDelegate> handle)
        where T : notnull =>
        host.Map(routes => routes.Map(route, handle(routes.ServiceProvider.GetRequiredService<T>())));

    private static void AddAccess(SuiteHostBuilder host, RegistryOptions options)
    {
        // Made here and not when first asked for: settings that cannot be used keep the service from starting.
        host.Services.AddSingleton(options.Access);
        host.Services.AddSingleton(options.Limits);
        host.Services.AddSingleton(new AccessPolicy(options.Access));
        if (options.Access.Users is { } users)
        {
            host.Services.AddSingleton(new PasswordFile(users));
            host.Services.AddSingleton<PasswordCheck>();
        }

        host.Services.AddSingleton(_ => new TokenKey(Path.Combine(host.StateDirectory, "token.key")));
        host.Services.AddSingleton<TokenIssuer>();
        host.Services.AddSingleton<LoginLimit>();
        host.Services.AddSingleton<RequestLimit>();
        host.Services.AddSingleton<Challenge>();
        host.Services.AddSingleton<Authentication>();
        host.Services.AddSingleton<AccessCheck>();
    }
}
