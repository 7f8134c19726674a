using System.CommandLine;
using Suite.Cli.Syntax;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class RestartCommand : SuiteCommand
{
    private readonly Option<string?> _timeout;
    private readonly Option<string?> _signal;
    private readonly Argument<string[]> _containers;

    public RestartCommand()
        : base("restart", "[OPTIONS] CONTAINER...", "Stop containers and start them again")
    {
        _timeout = Text("--timeout", "SECONDS", "How long to wait before the kill (default: the container's, or 10)", "-t", "--time");
        _signal = Text("--signal", "SIGNAL", "Instead of the container's own stop signal", "-s");
        _containers = Several("CONTAINER");
    }

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var timeout = call.Get(_timeout) is { } text ? QuantitySyntax.Seconds("--timeout", text) : default(uint?);
        return call.ForEachAsync(call.Get(_containers), async name =>
        {
            var request = new RestartRequest { Container = name, Signal = call.Get(_signal) ?? "" };
            if (timeout is { } seconds)
                request.Timeout = seconds;
            await call.Services.Containers.RestartAsync(request, cancellationToken: cancellationToken);
            return name;
        });
    }
}
