using System.CommandLine;
using Suite.Cli.Syntax;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

/// <summary>--health-*: how to find out whether a container is well. What is not said the image may say.</summary>
internal sealed class HealthOptions
{
    private readonly Option<string?> _command;
    private readonly Option<string?> _interval;
    private readonly Option<string?> _timeout;
    private readonly Option<string?> _retries;
    private readonly Option<string?> _startPeriod;
    private readonly Option<string?> _startInterval;
    private readonly Option<bool> _none;

    public HealthOptions(SuiteCommand command)
    {
        _command = command.Text("--health-cmd", "COMMAND", "Tells with exit code 0 that it is well; run by /bin/sh");
        _interval = command.Text("--health-interval", "SPAN", "Time between checks (default: 30s)");
        _timeout = command.Text("--health-timeout", "SPAN", "Longest time of a check (default: 30s)");
        _retries = command.Text("--health-retries", "NUMBER", "Failures in a row until it is unhealthy (default: 3)");
        _startPeriod = command.Text("--health-start-period", "SPAN", "Time at the start in which failures do not count");
        _startInterval = command.Text("--health-start-interval", "SPAN", "Time between checks at the start, until the first that is well (default: 5s)");
        _none = command.Flag("--no-healthcheck", "No check, not even the image's");
    }

    public HealthCheck? Read(Invocation call)
    {
        if (call.Get(_none))
            return new HealthCheck { None = true };
        if (!((Option[])[_command, _interval, _timeout, _retries, _startPeriod, _startInterval]).Any(call.Has))
            return null;
        var check = new HealthCheck
        {
            Interval = Span(call, _interval),
            Timeout = Span(call, _timeout),
            StartPeriod = Span(call, _startPeriod),
            StartInterval = Span(call, _startInterval),
            Retries = call.Get(_retries) is { } retries ? (uint)Math.Clamp(QuantitySyntax.Count("--health-retries", retries), 0, uint.MaxValue) : 0,
        };
        if (call.Get(_command) is { Length: > 0 } command)
        {
            check.Test.Add(["/bin/sh", "-c", command]);
            check.Shell = true;
        }

        return check;
    }

    private static long Span(Invocation call, Option<string?> option) =>
        call.Get(option) is { } text ? QuantitySyntax.Nanoseconds(option.Name, text) : 0;
}
