using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Suite.Hosting;
using Suite.Oci.References;
using Suite.Registry.Administration;
using Suite.Registry.Blobs;
using Suite.Registry.Catalog;
using Suite.Registry.Distribution;
using Suite.Registry.Listening;
using Suite.Registry.Locks;

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

        host.Services.AddSingleton<HttpAudit>();
        host.Services.AddSingleton<RequestGuard>();
        host.Services.AddSingleton<BlobRequests>();
        host.Services.AddSingleton<UploadRequests>();
        host.Services.AddSingleton<ManifestIntake>();
        host.Services.AddSingleton<ManifestRemoval>();
        host.Services.AddSingleton<ManifestRequests>();
        host.Services.AddSingleton<ListRequests>();
        host.Services.AddSingleton<ReferrerRequests>();
        host.Services.AddSingleton<DistributionEndpoint>();
        host.Services.AddSingleton<StoreVerification>();

        if (options.Certificate is not null)
            host.AllowHttps();
        host.ConfigureKestrel(kestrel => ListenAddresses.Open(kestrel, options));
        host.MapGrpc<RegistryAdministration>();
        host.Map(routes => routes.Map("/v2/{**path}", (RequestDelegate)routes.ServiceProvider.GetRequiredService<DistributionEndpoint>().HandleAsync));
    }
}
