using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Suite.Registry.Tests.Upstreams;

/// <summary>An upstream whose answers a test writes, request by request.</summary>
internal sealed class FakeUpstream : IAsyncDisposable
{
    private readonly WebApplication _application;

    private FakeUpstream(WebApplication application)
    {
        _application = application;
    }

    /// <summary>METHOD and path with query, in the order of arrival.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public string Address => _application.Urls.Single();

    public static async Task<FakeUpstream> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        builder.Services.AddLogging(logging => logging.ClearProviders());
        var application = builder.Build();
        var upstream = new FakeUpstream(application);
        application.Run(http =>
        {
            upstream.Asked.Enqueue($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}");
            return answer(http);
        });
        await application.StartAsync(TestContext.Current.CancellationToken);
        return upstream;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
