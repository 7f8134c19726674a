using System.CommandLine;
using Suite.Cli.Inspection;

namespace Suite.Cli.Commands;

internal sealed class VolumeInspectCommand : SuiteCommand
{
    private readonly Option<string?> _format;
    private readonly Argument<string[]> _names;

    public VolumeInspectCommand()
        : base("inspect", "[OPTIONS] VOLUME...", "Print all about volumes as JSON")
    {
        _format = Text("--format", "TEMPLATE", "Print fields, for example {{.Mountpoint}}", "-f");
        _names = Several("VOLUME");
    }

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        Documents.PrintAsync(call, call.Get(_names), call.Get(_format), name => Inspections.VolumeAsync(call.Services, name, cancellationToken));
}
