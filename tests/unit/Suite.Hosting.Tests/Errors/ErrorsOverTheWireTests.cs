using Grpc.Core;
using Grpc.Health.V1;
using Suite.Hosting.Errors;
using Suite.Linux.Errors;

namespace Suite.Hosting.Tests.Errors;

/// <summary>A service that fails in every way, seen from the client's end. The health contract stands in for any other.</summary>
public sealed class ErrorsOverTheWireTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<ErrorKind> Kinds => [.. Enum.GetValues<ErrorKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_kind_and_its_sentence_cross_two_services_unchanged(ErrorKind kind)
    {
        var error = await FailAsync(new SuiteException(kind, "the thing did not do"));
        Assert.Equal((kind, "the thing did not do"), (error.Kind, error.Message));
        Assert.Equal(kind, StatusCodes.KindOf(StatusCodes.Of(kind)));
    }

    [Fact]
    public async Task A_full_disk_is_no_internal_error()
    {
        var error = await FailAsync(new IOException("No space left on device : '/x'", ErrnoNames.ENOSPC));
        Assert.Equal(ErrorKind.ResourceExhausted, error.Kind);
    }

    [Fact]
    public async Task What_nobody_foresaw_is_internal() =>
        Assert.Equal(ErrorKind.Internal, (await FailAsync(new InvalidOperationException("bug"))).Kind);

    [Fact]
    public async Task A_stream_fails_as_a_call_does()
    {
        await using var host = await StartAsync(new SuiteException(ErrorKind.NotFound, "gone"));
        using var channel = host.Connect();
        using var call = new Health.HealthClient(channel.Invoker).Watch(new HealthCheckRequest(), cancellationToken: Cancellation);
        var error = await Assert.ThrowsAsync<SuiteException>(async () => await call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal((ErrorKind.NotFound, "gone"), (error.Kind, error.Message));
    }

    private static async Task<SuiteException> FailAsync(Exception exception)
    {
        await using var host = await StartAsync(exception);
        using var channel = host.Connect();
        return await Assert.ThrowsAsync<SuiteException>(
            async () => await new Health.HealthClient(channel.Invoker).CheckAsync(new HealthCheckRequest(), cancellationToken: Cancellation));
    }

    private static Task<RunningHost> StartAsync(Exception exception) => RunningHost.StartAsync(builder =>
    {
        builder.Services.AddInterceptorThatThrows(exception);
    });
}
