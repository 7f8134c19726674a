using System.CommandLine;
using Suite.Graph.V1;

namespace Suite.Cli.Commands;

internal sealed class TagCommand : SuiteCommand
{
    private readonly Argument<string> _source;
    private readonly Argument<string> _target;

    public TagCommand()
        : base("tag", "IMAGE NAME[:TAG]", "Give an image one more name")
    {
        _source = One("IMAGE");
        _target = One("NAME");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        await call.Services.Images.TagAsync(
            new TagRequest { Source = call.Get(_source), Target = call.Get(_target) }, cancellationToken: cancellationToken);
        return ExitCodes.Success;
    }
}
