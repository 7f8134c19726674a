using System.CommandLine;
using Suite.Cli.Inspection;

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

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        Documents.PrintAsync(call, call.Get(_networks), call.Get(_format), name => Inspections.NetworkAsync(call.Services, name, cancellationToken));
}
