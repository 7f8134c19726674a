using System.CommandLine;
using System.Globalization;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class WaitCommand : SuiteCommand
{
    private readonly Argument<string[]> _containers;

    public WaitCommand()
        : base("wait", "CONTAINER...", "Wait until containers have exited, and print their exit codes")
    {
        _containers = Several("CONTAINER");
    }

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.ForEachAsync(call.Get(_containers), async name =>
        {
            var ended = await call.Services.Containers.WaitAsync(
                new WaitRequest { Container = name }, cancellationToken: cancellationToken);
            return ended.ExitCode.ToString(CultureInfo.InvariantCulture);
        });
}
