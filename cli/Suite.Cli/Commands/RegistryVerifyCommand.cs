using Grpc.Core;
using Suite.Cli.Output;
using Suite.Registry.V1;

namespace Suite.Cli.Commands;

internal sealed class RegistryVerifyCommand() : SuiteCommand("verify", "", "Read everything again and compare it with its digest")
{
    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        using var verification = call.Services.Registry.Verify(new VerifyRequest(), cancellationToken: cancellationToken);
        var exitCode = ExitCodes.Success;
        await foreach (var response in verification.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (response.Problem is { } problem)
            {
                await call.Out.WriteLineAsync($"{problem.Repository}@{problem.Digest}: {problem.Description}");
                exitCode = ExitCodes.Failure;
            }
            else
            {
                var summary = response.Summary;
                await call.Error.WriteLineAsync($"{summary.Blobs} blobs, {Figures.Size(summary.Bytes)}: {(summary.Problems == 0 ? "whole" : $"{summary.Problems} problems")}");
            }
        }

        return exitCode;
    }
}
