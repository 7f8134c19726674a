using System.CommandLine;
using Suite.Cli.Syntax;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

/// <summary>--health-*: how to find out whether a container is well.</summary>
internal sealed class HealthOptions
{
    private readonly Option<string?> _command = Text("--health-cmd", "COMMAND", "Tells with exit code 0 that it is well; run by /bin/sh");
    private readonly Option<string?> _interval = Text("--health-interval", "SPAN", "Time between checks (default: 30s)");
    private readonly Option<string?> _timeout = Text("--health-timeout", "SPAN", "Longest time of a check (default: 30s)");
    private readonly Option<string?> _retries = Text("--health-retries", "NUMBER", "Failures in a row until it is unhealthy (default: 3)");
    private readonly Option<string?> _startPeriod = Text("--health-start-period", "SPAN", "Time at the start in which failures do not count");
    private readonly Option<bool> _none = new("--no-healthcheck") { Description = "No check", Arity = ArgumentArity.Zero };

    public IReadOnlyList<Option> All => [_command, _interval, _timeout, _retries, _startPeriod, _none];

    public HealthCheck? Read(Invocation call)
    {
        if (call.Get(_command) is not { Length: > 0 } command || call.Get(_none))
        {
            if (All.Take(5).Any(call.Has) && !call.Has(_command))
                throw new SuiteException(ErrorKind.InvalidArgument, "cannot check its health: --health-cmd is missing");
            return null;
        }

        return new HealthCheck
        {
            Test = { "/bin/sh", "-c", command },
            Interval = Span(call, _interval),
            Timeout = Span(call, _timeout),
            StartPeriod = Span(call, _startPeriod),
            Retries = call.Get(_retries) is { } retries ? (uint)Math.Clamp(QuantitySyntax.Count("--health-retries", retries), 0, uint.MaxValue) : 0,
        };
    }

    private static long Span(Invocation call, Option<string?> option) =>
        call.Get(option) is { } text ? QuantitySyntax.Nanoseconds(option.Name, text) : 0;

    private static Option<string?> Text(string name, string value, string description) => new(name) { Description = description, HelpName = value };
}
