using Grpc.Health.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Suite.E2e.Tests.Telemetry;

public sealed class HealthTests
{
    [RootFact(Needs = Need.Executables)]
    public async Task Every_socket_answers_grpc_health_that_it_serves()
    {
        await using var suite = await SuiteInstance.StartAsync();

        foreach (var service in (string[])["registry", "image", "network", "runtime"])
        {
            var health = new Health.HealthClient(suite.Channel(service));
            // The empty name asks for the whole server (grpc.io, "Health Checking").
            var answer = await health.CheckAsync(
                new HealthCheckRequest { Service = "" }, deadline: DateTime.UtcNow.AddSeconds(5), cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal((service, ServingStatus.Serving), (service, answer.Status));
        }
    }
}
