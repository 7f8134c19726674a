using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Suite.Cli.Inspection;
using Suite.Cli.Output;
using Suite.Cli.Syntax;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class PsCommand : SuiteCommand
{
    private readonly Option<bool> _all;
    private readonly Option<bool> _quiet;
    private readonly Option<bool> _noTrunc;
    private readonly Option<bool> _latest;
    private readonly Option<string?> _last;
    private readonly Option<bool> _size;
    private readonly Option<string[]> _filter;
    private readonly Option<string?> _format;

    public PsCommand(string name = "ps")
        : base(name, "[OPTIONS]", "List containers")
    {
        _all = Flag("--all", "Those that do not run, too", "-a");
        _quiet = Flag("--quiet", "Print ids only", "-q");
        _noTrunc = Flag("--no-trunc", "Print ids and commands in full");
        _latest = Flag("--latest", "Only the one made last", "-l");
        _last = Text("--last", "NUMBER", "Only so many that were made last", "-n");
        _size = Flag("--size", "With what each has written", "-s");
        _filter = List("--filter", "NAME=VALUE", $"Only with this {string.Join(", ", ContainerFilter.Names)}", "-f");
        _format = Text("--format", "TEMPLATE", "json, \"table TEMPLATE\", or a template such as {{.Names}}: {{.Status}}");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var filters = Filters.Parse(call.Get(_filter), ContainerFilter.Names);
        var last = call.Get(_latest) ? 1 : call.Get(_last) is { } text ? (int)Math.Clamp(QuantitySyntax.Count("--last", text), 0, int.MaxValue) : int.MaxValue;
        // Who filters by state, or wants the last ones, means those that do not run as well.
        var all = call.Get(_all) || last < int.MaxValue || filters.Has("status") || filters.Has("exited");
        var list = await call.Services.Containers.ListAsync(new ListRequest { All = true }, cancellationToken: cancellationToken);
        var filter = new ContainerFilter(filters, list.Containers);
        var chosen = list.Containers.Where(c => (all || ContainerText.IsUp(c.State)) && filter.Matches(c)).Take(last);

        var whole = call.Get(_noTrunc);
        (string, string)[] columns =
        [
            ("CONTAINER ID", "{{.ID}}"), ("IMAGE", "{{.Image}}"), ("COMMAND", "{{.Command}}"), ("CREATED", "{{.RunningFor}}"),
            ("STATUS", "{{.Status}}"), ("PORTS", "{{.Ports}}"), ("NAMES", "{{.Names}}"),
        ];
        var rows = new Listing(call.Get(_quiet) ? "{{.ID}}" : call.Get(_format), call.Get(_size) ? [.. columns, ("SIZE", "{{.Size}}")] : columns)
            .Yielding("COMMAND", "CREATED", "PORTS", "IMAGE");
        foreach (var container in chosen)
        {
            var row = Describe(container, whole, call.Session.Time);
            row["Size"] = call.Get(_size) ? await SizeAsync(call, container, cancellationToken) : "";
            rows.Add(row);
        }

        rows.Write(call.Out, whole ? int.MaxValue : call.Session.Streams.Columns);
        return ExitCodes.Success;
    }

    private static async Task<string> SizeAsync(Invocation call, ContainerInfo container, CancellationToken cancellationToken) =>
        await ContainerSizes.OfAsync(call.Services, container.Id, container.ImageId, cancellationToken) is { } sizes
            ? $"{Figures.Size(sizes.Written)} (virtual {Figures.Size(sizes.Whole)})"
            : "";

    private static JsonObject Describe(ContainerInfo container, bool whole, TimeProvider time) => new()
    {
        ["ID"] = whole ? container.Id : Figures.ShortId(container.Id),
        ["Image"] = container.Image,
        ["Command"] = ContainerText.Command(container, whole),
        ["CreatedAt"] = Timestamps.Rfc3339(container.CreatedAt),
        ["RunningFor"] = Figures.Ago(container.CreatedAt, time),
        ["Status"] = ContainerText.Status(container, time),
        ["State"] = ContainerText.Word(container.State).ToLowerInvariant(),
        ["Ports"] = ContainerText.Ports(container),
        ["Names"] = container.Name,
        ["Labels"] = string.Join(',', container.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}")),
        ["Mounts"] = string.Join(',', container.Mounts),
        ["LocalVolumes"] = container.Mounts.Count(m => !m.StartsWith('/')).ToString(CultureInfo.InvariantCulture),
        ["Networks"] = string.Join(',', container.Networks),
    };
}
