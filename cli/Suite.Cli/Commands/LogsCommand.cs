using System.CommandLine;
using Grpc.Core;
using Suite.Cli.Output;
using Suite.Cli.Syntax;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class LogsCommand : SuiteCommand
{
    private readonly Option<bool> _follow;
    private readonly Option<string?> _tail;
    private readonly Option<bool> _timestamps;
    private readonly Option<string?> _since;
    private readonly Option<string?> _until;
    private readonly Argument<string> _container;

    public LogsCommand()
        : base("logs", "[OPTIONS] CONTAINER", "Print what a container has written")
    {
        _follow = Flag("--follow", "Go on as it grows", "-f");
        _tail = Text("--tail", "LINES", "Only this many lines from the end; \"all\" for all", "-n");
        _timestamps = Flag("--timestamps", "With the time of each line", "-t");
        _since = Text("--since", "TIME", "Only what was written after this time, or in the last 10m");
        _until = Text("--until", "TIME", "Only what was written before this time");
        _container = One("CONTAINER");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var time = call.Session.Time;
        var request = new LogsRequest
        {
            Container = call.Get(_container),
            Follow = call.Get(_follow),
            Since = call.Get(_since) is { } since ? SinceSyntax.Nanoseconds("--since", since, time) : 0,
            Until = call.Get(_until) is { } until ? SinceSyntax.Nanoseconds("--until", until, time) : 0,
        };
        if (call.Get(_tail) is { } tail and not "all")
            request.Tail = (uint)Math.Clamp(QuantitySyntax.Count("--tail", tail), 0, uint.MaxValue);

        var writer = new LogWriter(call.Session.Streams, call.Get(_timestamps));
        using var logs = call.Services.Containers.Logs(request, cancellationToken: cancellationToken);
        await foreach (var response in logs.ResponseStream.ReadAllAsync(cancellationToken))
            await writer.WriteAsync(response.Entries, cancellationToken);
        return ExitCodes.Success;
    }
}
