using System.Net;
using Suite.Registry.Limits;

namespace Suite.Registry.Tests.Limits;

public sealed class LimitTests
{
    [Fact]
    public void A_bucket_gives_what_it_holds_and_fills_with_time()
    {
        var time = new SteppedTime();
        var buckets = new TokenBuckets(rate: 2, capacity: 3, time);
        Assert.All(Enumerable.Range(0, 3), _ => Assert.True(buckets.TryTake("ann", out var _)));
        Assert.False(buckets.TryTake("ann", out var wait));
        Assert.Equal(TimeSpan.FromSeconds(0.5), wait);
        Assert.True(buckets.TryTake("bob", out _));
        time.Advance(wait);
        Assert.True(buckets.TryTake("ann", out _));
        Assert.False(buckets.HasAny("ann", out _));
    }

    [Fact]
    public async Task Too_many_changes_are_refused_with_the_time_to_wait_and_reads_go_on()
    {
        await using var registry = await RunningRegistry.StartAsync("limits:changesPerSecond=0.1", "limits:burstSeconds=20");
        for (var i = 0; i < 2; i++)
            await registry.BeginUploadAsync("app");
        using (var third = await registry.SendAsync(HttpMethod.Post, "/v2/app/blobs/uploads/"))
        {
            await third.IsAsync(HttpStatusCode.TooManyRequests, "TOOMANYREQUESTS");
            Assert.InRange(int.Parse(third.Header("Retry-After"), System.Globalization.CultureInfo.InvariantCulture), 1, 10);
        }

        using var ping = await registry.SendAsync(HttpMethod.Get, "/v2/");
        Assert.Equal(HttpStatusCode.OK, ping.StatusCode);
    }
}
