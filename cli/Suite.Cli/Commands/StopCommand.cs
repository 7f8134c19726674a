using System.CommandLine;
using Suite.Cli.Syntax;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class StopCommand : SuiteCommand
{
    private readonly Option<string?> _timeout;
    private readonly Option<string?> _signal;
    private readonly Argument<string[]> _containers;

    public StopCommand()
        : base("stop", "[OPTIONS] CONTAINER...", "Ask containers to stop, and kill those that do not")
    {
        _timeout = Text("--timeout", "SECONDS", "How long to wait before the kill (default: 10)", "-t", "--time");
        _signal = Text("--signal", "SIGNAL", "Instead of the container's own stop signal", "-s");
        _containers = Several("CONTAINER");
    }

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var timeout = call.Get(_timeout) is { } text ? QuantitySyntax.Seconds("--timeout", text) : default(uint?);
        return call.ForEachAsync(call.Get(_containers), async name =>
        {
            var request = new StopRequest { Container = name, Signal = call.Get(_signal) ?? "" };
            if (timeout is { } seconds)
                request.Timeout = seconds;
            await call.Services.Containers.StopAsync(request, cancellationToken: cancellationToken);
            return name;
        });
    }
}
