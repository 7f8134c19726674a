using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace Suite.Hosting.Tests.Errors;

/// <summary>Stands where a handler would be, inside the error interceptor, and throws what it is given.</summary>
internal sealed class ThrowingInterceptor(Exception exception) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) => throw exception;

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) => throw exception;
}

internal static class ThrowingInterceptorServices
{
    public static void AddInterceptorThatThrows(this IServiceCollection services, Exception exception)
    {
        services.AddSingleton(new ThrowingInterceptor(exception));
        services.PostConfigure<GrpcServiceOptions>(grpc => grpc.Interceptors.Add<ThrowingInterceptor>());
    }
}
