using System.CommandLine;
using Suite.Cli.Happenings;
using Suite.Cli.Inspection;
using Suite.Cli.Syntax;

namespace Suite.Cli.Commands;

internal sealed class EventsCommand : SuiteCommand
{
    private static readonly string[] Types = ["container", "image", "network", "volume"];

    private readonly Option<string?> _since;
    private readonly Option<string?> _until;
    private readonly Option<string[]> _filter;
    private readonly Option<string?> _format;

    public EventsCommand()
        : base("events", "[OPTIONS]", "Print what happens to containers, images, networks and volumes, as it happens")
    {
        _since = Text("--since", "TIME", "Begin in the past, for example 10m ago");
        _until = Text("--until", "TIME", "End at this time");
        _filter = List("--filter", "NAME=VALUE", "Only event, container, image, label, network, type or volume of this value", "-f");
        _format = Text("--format", "TEMPLATE", "json, or a template such as {{.Action}} {{.Actor.ID}}");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var time = call.Session.Time;
        var filter = Filters.Parse(call.Get(_filter), "event", "container", "image", "label", "network", "type", "volume");
        var format = call.Get(_format);
        var template = format is not (null or "json") ? new Template(format) : null;
        var streams = new HappeningStreams(
            call.Services,
            call.Get(_since) is { } since ? SinceSyntax.Nanoseconds("--since", since, time) : 0,
            call.Get(_until) is { } until ? SinceSyntax.Nanoseconds("--until", until, time) : 0);
        await streams.RunAsync(Wanted(filter), async happened =>
        {
            if (!happened.Matches(filter))
                return;
            await call.Out.WriteLineAsync(template?.Render(happened.Describe()) ?? (format == "json" ? JsonText.Line(happened.Describe()) : happened.Line()));
            await call.Out.FlushAsync(cancellationToken);
        }, cancellationToken);
        return ExitCodes.Success;
    }

    /// <summary>The types that the filters let through.</summary>
    private static HashSet<string> Wanted(Filters filter) =>
    [
        .. Types.Where(type => filter.Any("type", value => value == type)
            && ((string[])["container", "network", "volume"]).All(named => !filter.Has(named) || named == type)),
    ];
}
