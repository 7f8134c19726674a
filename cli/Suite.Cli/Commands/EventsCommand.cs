using System.CommandLine;
using System.Text.Json.Nodes;
using Grpc.Core;
using Suite.Cli.Inspection;
using Suite.Cli.Output;
using Suite.Cli.Syntax;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class EventsCommand : SuiteCommand
{
    private readonly Option<string?> _since;
    private readonly Option<string?> _until;
    private readonly Option<string[]> _filter;
    private readonly Option<string?> _format;

    public EventsCommand()
        : base("events", "[OPTIONS]", "Print what happens to containers and volumes, as it happens")
    {
        _since = Text("--since", "TIME", "Begin in the past, for example 10m ago");
        _until = Text("--until", "TIME", "End at this time");
        _filter = List("--filter", "NAME=VALUE", "Only event, container, image, label, type or volume of this value", "-f");
        _format = Text("--format", "TEMPLATE", "json, or a template such as {{.Action}} {{.Actor.ID}}");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var time = call.Session.Time;
        var filter = Filters.Parse(call.Get(_filter), "event", "container", "image", "label", "type", "volume");
        var template = call.Get(_format) is { } format and not "json" ? new Template(format) : null;
        var request = new EventsRequest
        {
            Since = call.Get(_since) is { } since ? SinceSyntax.Nanoseconds("--since", since, time) : 0,
            Until = call.Get(_until) is { } until ? SinceSyntax.Nanoseconds("--until", until, time) : 0,
        };
        using var events = call.Services.Containers.Events(request, cancellationToken: cancellationToken);
        await foreach (var response in events.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (response.Event is not { } happened || !Matches(filter, happened))
                continue;
            await call.Out.WriteLineAsync(
                template?.Render(Describe(happened)) ?? (call.Get(_format) == "json" ? Describe(happened).ToJsonString() : Line(happened)));
            await call.Out.FlushAsync(cancellationToken);
        }

        return ExitCodes.Success;
    }

    private static bool Matches(Filters filter, Event happened) =>
        filter.Any("type", value => value == happened.Type)
        && filter.Any("event", value => happened.Action == value || happened.Action.StartsWith($"{value}:", StringComparison.Ordinal))
        && filter.Any("image", value => happened.Attributes.GetValueOrDefault("image") == value)
        && filter.Any("volume", value => happened.Type == "volume" && happened.Id == value)
        && filter.Any("container", value => happened.Type == "container"
            && (happened.Attributes.GetValueOrDefault("name") == value || happened.Id.StartsWith(value, StringComparison.Ordinal)))
        && filter.All("label", value => Filters.HasLabel(happened.Attributes, value));

    private static string Line(Event happened)
    {
        var attributes = string.Join(", ", happened.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"));
        return $"{Timestamps.Rfc3339(happened.At)} {happened.Type} {happened.Action} {happened.Id}{(attributes.Length > 0 ? $" ({attributes})" : "")}";
    }

    private static JsonObject Describe(Event happened)
    {
        var attributes = new JsonObject();
        foreach (var (name, value) in happened.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal))
            attributes[name] = value;
        return new JsonObject
        {
            ["Type"] = happened.Type,
            ["Action"] = happened.Action,
            ["Actor"] = new JsonObject { ["ID"] = happened.Id, ["Attributes"] = attributes },
            ["status"] = happened.Action,
            ["id"] = happened.Id,
            ["from"] = happened.Attributes.GetValueOrDefault("image", ""),
            ["time"] = happened.At / 1_000_000_000,
            ["timeNano"] = happened.At,
        };
    }
}
