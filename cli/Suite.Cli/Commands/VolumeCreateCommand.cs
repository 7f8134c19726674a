using System.CommandLine;
using Suite.Cli.Syntax;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class VolumeCreateCommand : SuiteCommand
{
    private readonly Option<string[]> _label;
    private readonly Option<string?> _driver;
    private readonly Argument<string?> _name;

    public VolumeCreateCommand()
        : base("create", "[OPTIONS] [NAME]", "Make a volume; without a name, one is made up")
    {
        _label = List("--label", "NAME[=VALUE]", "Set a label");
        _driver = Text("--driver", "DRIVER", "local, which is the only one", "-d");
        _driver.AcceptOnlyFromAmong("local");
        _name = new Argument<string?>("NAME") { Arity = ArgumentArity.ZeroOrOne };
        Add(_name);
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var request = new CreateVolumeRequest { Name = call.Get(_name) ?? "" };
        foreach (var label in (call.Get(_label) ?? []).Select(LabelSyntax.Parse))
            request.Labels[label.Key] = label.Value;
        var created = await call.Services.Volumes.CreateVolumeAsync(request, cancellationToken: cancellationToken);
        await call.Out.WriteLineAsync(created.Volume.Name);
        return ExitCodes.Success;
    }
}
