using System.CommandLine;
using System.Text.Json.Nodes;
using Grpc.Core;
using Suite.Cli.Inspection;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

internal sealed class InspectCommand : SuiteCommand
{
    private readonly Option<string?> _format;
    private readonly Option<string?>? _type;
    private readonly Option<bool>? _size;
    private readonly Argument<string[]> _names;
    private readonly string? _only;

    /// <param name="only">"container" or "image": no other is looked for. Null: the first that there is.</param>
    public InspectCommand(string? only = null)
        : base("inspect", "[OPTIONS] NAME|ID...", only is null ? "Print all about containers, images, networks and volumes as JSON" : $"Print all about {only}s as JSON")
    {
        _only = only;
        _format = Text("--format", "TEMPLATE", "Print fields, for example {{.NetworkSettings.IPAddress}}", "-f");
        if (only is null or "container")
            _size = Flag("--size", "Of containers what they take on the disk, as SizeRw and SizeRootFs", "-s");
        _names = Several(only?.ToUpperInvariant() ?? "CONTAINER|IMAGE");
        if (only is not null)
            return;
        _type = Text("--type", "TYPE", $"Only this: {string.Join(", ", Inspections.ByType.Keys)}");
        _type.AcceptOnlyFromAmong([.. Inspections.ByType.Keys]);
    }

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var type = _type is null ? _only : call.Get(_type);
        return Documents.PrintAsync(call, call.Get(_names), call.Get(_format), async name =>
        {
            var document = type is null ? await FirstAsync(call, name, cancellationToken) : await Inspections.ByType[type](call.Services, name, cancellationToken);
            if (_size is not null && call.Get(_size))
                await AddSizesAsync(call, document, cancellationToken);
            return document;
        });
    }

    private static async Task AddSizesAsync(Invocation call, JsonObject document, CancellationToken cancellationToken)
    {
        if (document["State"] is null || await ContainerSizes.OfAsync(call.Services, (string)document["Id"]!, (string)document["Image"]!, cancellationToken) is not { } sizes)
            return;
        document["SizeRw"] = sizes.Written;
        document["SizeRootFs"] = sizes.Whole;
    }

    private static async Task<JsonObject> FirstAsync(Invocation call, string name, CancellationToken cancellationToken)
    {
        foreach (var find in Inspections.ByType.Values)
        {
            try
            {
                return await find(call.Services, name, cancellationToken);
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument)
            {
                // Not one of these, or not even a name for one: then it is something else, or nothing.
            }
        }

        throw new SuiteException(
            ErrorKind.NotFound, $"there is no container, image, network or volume {name}; see \"suite ps -a\" and \"suite images\"");
    }
}
