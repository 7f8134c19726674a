using System.CommandLine;
using System.Text.Json.Nodes;
using Grpc.Core;
using Suite.Cli.Inspection;
using Suite.Cli.Output;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class InfoCommand : SuiteCommand
{
    private readonly Option<string?> _format;

    public InfoCommand()
        : base("info", "[OPTIONS]", "Print what there is on this machine")
    {
        _format = Text("--format", "TEMPLATE", "json, or a template such as {{.Driver}}", "-f");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var template = call.Get(_format) is { } format and not "json" ? new Template(format) : null;
        var services = call.Services;
        var runtime = services.Containers.InfoAsync(new InfoRequest(), cancellationToken: cancellationToken).ResponseAsync;
        var graph = services.Graph.StatusAsync(new Graph.V1.StatusRequest(), cancellationToken: cancellationToken).ResponseAsync;
        var images = services.Images.ListAsync(new Graph.V1.ListRequest(), cancellationToken: cancellationToken).ResponseAsync;
        var network = services.Network.StatusAsync(new Network.V1.StatusRequest(), cancellationToken: cancellationToken).ResponseAsync;
        var networks = services.Network.ListNetworksAsync(new Network.V1.ListNetworksRequest(), cancellationToken: cancellationToken).ResponseAsync;
        var registry = services.Registry.StatusAsync(new Registry.V1.StatusRequest(), cancellationToken: cancellationToken).ResponseAsync;
        var info = new MachineInfo(
            await runtime, await AnswerAsync(graph), await AnswerAsync(images), await AnswerAsync(network), await AnswerAsync(networks), await AnswerAsync(registry));
        if (call.Get(_format) is null)
            info.Write(call.Out);
        else
            await call.Out.WriteLineAsync(template?.Render(info.Document()) ?? JsonText.Line(info.Document()));
        return ExitCodes.Success;
    }

    /// <summary>A service that is down is part of the answer, no reason to give none.</summary>
    private static async Task<Answer<T>> AnswerAsync<T>(Task<T> answer)
        where T : class
    {
        try
        {
            return new Answer<T>(await answer, "");
        }
        catch (RpcException e)
        {
            return new Answer<T>(null, Failures.Describe(e)!);
        }
    }
}
