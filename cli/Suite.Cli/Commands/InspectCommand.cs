using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Suite.Cli.Inspection;
using Suite.Cli.Output;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

internal sealed class InspectCommand : SuiteCommand
{
    private readonly Option<string?> _format;
    private readonly Option<string?> _type;
    private readonly Argument<string[]> _names;

    public InspectCommand()
        : base("inspect", "[OPTIONS] NAME|ID...", "Print all about containers or images as JSON")
    {
        _format = Text("--format", "TEMPLATE", "Print fields, for example {{.NetworkSettings.IPAddress}}", "-f");
        _type = Text("--type", "TYPE", "Only \"container\" or only \"image\"");
        _type.AcceptOnlyFromAmong("container", "image");
        _names = Several("NAME");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var template = call.Get(_format) is { } format ? new Template(format) : null;
        var found = new JsonArray();
        var exitCode = ExitCodes.Success;
        foreach (var name in call.Get(_names))
        {
            try
            {
                found.Add(await FindAsync(call, name, call.Get(_type), cancellationToken));
            }
            catch (Exception e) when (e is SuiteException or RpcException { StatusCode: not StatusCode.Unavailable } && Failures.Describe(e) is { } sentence)
            {
                await call.Error.WriteLineAsync($"suite: {sentence}");
                exitCode = ExitCodes.Failure;
            }
        }

        if (template is null)
            await call.Out.WriteLineAsync(found.ToJsonString(InspectionJson.Default.Options));
        else
            found.ToList().ForEach(document => call.Out.WriteLine(template.Render(document!)));
        return exitCode;
    }

    private static async Task<JsonNode> FindAsync(Invocation call, string name, string? type, CancellationToken cancellationToken)
    {
        if (type != "image")
        {
            try
            {
                var container = await call.Services.Containers.InspectAsync(
                    new Container.V1.InspectRequest { Container = name }, cancellationToken: cancellationToken);
                return JsonSerializer.SerializeToNode(ContainerDocument.From(container), InspectionJson.Default.ContainerDocument)!;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.NotFound && type is null)
            {
                // Then it is an image, or nothing.
            }
        }

        try
        {
            var image = await call.Services.Images.InspectAsync(
                new Graph.V1.InspectRequest { Image = name }, cancellationToken: cancellationToken);
            return JsonSerializer.SerializeToNode(ImageDocument.From(image.Image), InspectionJson.Default.ImageDocument)!;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound && type is null)
        {
            throw new SuiteException(
                ErrorKind.NotFound, $"there is no container and no image {name}; see \"suite ps -a\" and \"suite images\"", e);
        }
    }
}
