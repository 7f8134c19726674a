using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Suite.Cli.Inspection;
using Suite.Cli.Output;
using Suite.Linux.Errors;
using Suite.Network.V1;

namespace Suite.Cli.Commands;

internal sealed class NetworkInspectCommand : SuiteCommand
{
    private readonly Option<string?> _format;
    private readonly Argument<string[]> _networks;

    public NetworkInspectCommand()
        : base("inspect", "[OPTIONS] NETWORK...", "Print all about networks as JSON")
    {
        _format = Text("--format", "TEMPLATE", "Print fields, for example {{.Driver}}", "-f");
        _networks = Several("NETWORK");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var template = call.Get(_format) is { } format ? new Template(format) : null;
        var found = new JsonArray();
        var exitCode = ExitCodes.Success;
        foreach (var name in call.Get(_networks))
        {
            try
            {
                var answer = await call.Services.Network.InspectNetworkAsync(new InspectNetworkRequest { Network = name }, cancellationToken: cancellationToken);
                found.Add(JsonSerializer.SerializeToNode(NetworkDocument.From(answer), InspectionJson.Default.NetworkDocument));
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
}
