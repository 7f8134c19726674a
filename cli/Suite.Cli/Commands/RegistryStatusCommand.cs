using Suite.Cli.Output;
using Suite.Registry.V1;

namespace Suite.Cli.Commands;

internal sealed class RegistryStatusCommand() : SuiteCommand("status", "", "Where it listens and what it holds")
{
    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var status = await call.Services.Registry.StatusAsync(new StatusRequest(), cancellationToken: cancellationToken);
        await call.Out.WriteLineAsync($"Addresses:     {string.Join(", ", status.Addresses)}");
        await call.Out.WriteLineAsync($"Repositories:  {status.Repositories}");
        await call.Out.WriteLineAsync($"Blobs:         {status.Blobs}, {Figures.Size(status.Bytes)}");
        return ExitCodes.Success;
    }
}
