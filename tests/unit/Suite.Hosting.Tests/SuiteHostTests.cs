using Grpc.Health.V1;
using Suite.Linux.Errors;

namespace Suite.Hosting.Tests;

public sealed class SuiteHostTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_socket_is_the_owners_alone_and_answers_health()
    {
        await using var host = await RunningHost.StartAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(host.Socket));
        using var channel = host.Connect();
        var health = await new Health.HealthClient(channel.Invoker).CheckAsync(new HealthCheckRequest(), cancellationToken: Cancellation);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
    }

    [Theory]
    [InlineData("run", "root2", "already running on ")]
    [InlineData("run2", "root", "another suite-image already uses ")]
    public async Task A_second_one_is_refused_and_told_who_holds_what(string run, string root, string reason)
    {
        await using var host = await RunningHost.StartAsync();
        var error = await Assert.ThrowsAsync<SuiteException>(() => SuiteHost.StartAsync("image", host.Args(run, root), _ => { }, Cancellation));
        Assert.Equal(ErrorKind.AlreadyExists, error.Kind);
        Assert.StartsWith(reason, error.Message, StringComparison.Ordinal);
        Assert.EndsWith($"(pid {Environment.ProcessId})", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(host.Socket));
    }

    [Fact]
    public async Task A_socket_left_by_a_killed_process_is_replaced()
    {
        await using var host = await RunningHost.StartAsync();
        await host.StopAsync();
        await File.WriteAllTextAsync(host.Socket, "", Cancellation);
        await using var again = await SuiteHost.StartAsync("image", host.Args(), _ => { }, Cancellation);
        using var channel = host.Connect();
        await new Health.HealthClient(channel.Invoker).CheckAsync(new HealthCheckRequest(), cancellationToken: Cancellation);
    }

    [Fact]
    public async Task A_preparation_that_fails_keeps_the_socket_closed_and_frees_the_locks()
    {
        await using var host = await RunningHost.StartAsync();
        await host.StopAsync();
        await Assert.ThrowsAsync<SuiteException>(() => SuiteHost.StartAsync(
            "image", host.Args(), builder => builder.BeforeListening((_, _) => throw new SuiteException(ErrorKind.Corrupt, "no")), Cancellation));
        Assert.False(File.Exists(host.Socket));
        await using var again = await SuiteHost.StartAsync("image", host.Args(), _ => { }, Cancellation);
    }

    [Fact]
    public async Task A_service_that_is_down_is_named_with_what_to_do()
    {
        await using var host = await RunningHost.StartAsync();
        await host.StopAsync();
        using var channel = host.Connect();
        var error = await Assert.ThrowsAsync<SuiteException>(
            async () => await new Health.HealthClient(channel.Invoker).CheckAsync(new HealthCheckRequest(), cancellationToken: Cancellation));
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.StartsWith($"suite-image does not answer on {host.Socket} (", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("start it with `suite up`", error.Message, StringComparison.Ordinal);
    }
}
