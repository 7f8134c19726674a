using Grpc.Core;
using Grpc.Health.V1;
using Suite.Cli.Endpoints;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Suite.Cli.Machine;

/// <summary>Asks a service by grpc.health.v1 whether it serves.</summary>
internal static class ServiceHealth
{
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(2);

    /// <returns>Null when it serves, else what it answered.</returns>
    public static async Task<string?> CheckAsync(ServiceClients clients, string socket, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await clients.Health(socket).CheckAsync(
                new HealthCheckRequest(), deadline: time.GetUtcNow().UtcDateTime + OneAnswer, cancellationToken: cancellationToken);
            return answer.Status == ServingStatus.Serving ? null : $"its health is {answer.Status}";
        }
        catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
        {
            return Output.Failures.Describe(e);
        }
    }
}
