using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Suite.Hosting;
using Suite.Runtime.PortForwards;

namespace Suite.Runtime.Streaming;

/// <summary>What the streaming server is made of.</summary>
internal static class StreamingParts
{
    public static void AddTo(SuiteHostBuilder host)
    {
        var services = host.Services;
        services.AddSingleton(provider => provider.GetRequiredService<RuntimeOptions>().Streaming);
        services.AddSingleton<StreamTickets>().AddSingleton<StreamListener>().AddSingleton<OfferStream>();
        services.AddSingleton<RemoteExec>().AddSingleton<RemoteAttach>();
        services.AddSingleton<PodDialer>().AddSingleton<SpdyForward>().AddSingleton<WebSocketForward>();
        services.AddSingleton<SpdyStreams>().AddSingleton<WebSocketStreams>().AddSingleton<StreamServer>();
        services.AddOptions<KestrelServerOptions>().Configure<StreamingOptions>(StreamListener.Open);
        host.AllowHttps().Map(StreamServer.Map);
    }
}
