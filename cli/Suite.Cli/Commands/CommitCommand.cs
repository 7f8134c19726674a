using System.CommandLine;
using Suite.Graph.V1;

namespace Suite.Cli.Commands;

internal sealed class CommitCommand : SuiteCommand
{
    private readonly Option<string?> _author;
    private readonly Option<string?> _message;
    private readonly Option<string[]> _change;
    private readonly Argument<string> _container;
    private readonly Argument<string?> _reference;

    public CommitCommand()
        : base("commit", "[OPTIONS] CONTAINER [NAME[:TAG]]", "Make an image of a container and what it changed")
    {
        _author = Text("--author", "NAME", "Who made it", "-a");
        _message = Text("--message", "TEXT", "A comment for the image's history", "-m");
        _change = List("--change", "INSTRUCTION", "A Dockerfile instruction for the configuration, such as CMD", "-c");
        _container = One("CONTAINER");
        _reference = new Argument<string?>("NAME") { Arity = ArgumentArity.ZeroOrOne };
        Add(_reference);
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var container = (await call.Services.Containers.InspectAsync(
            new Suite.Container.V1.InspectRequest { Container = call.Get(_container) }, cancellationToken: cancellationToken)).Container;
        var image = (await call.Services.Images.InspectAsync(new InspectRequest { Image = container.ImageId }, cancellationToken: cancellationToken)).Image;
        var request = new CommitRequest
        {
            Key = container.Id, Reference = call.Get(_reference) ?? "", Author = call.Get(_author) ?? "", Message = call.Get(_message) ?? "",
            Changes = { call.Get(_change) ?? [] }, Config = Started([.. image.Config.Entrypoint], [.. container.Command]),
        };
        await call.Out.WriteLineAsync((await call.Services.Images.CommitAsync(request, cancellationToken: cancellationToken)).Image.Id);
        return ExitCodes.Success;
    }

    /// <summary>What the container runs becomes what its image runs: the command, behind the image's entry point.</summary>
    private static ImageConfig Started(IReadOnlyList<string> entrypoint, IReadOnlyList<string> command) =>
        new() { Cmd = { command.Take(entrypoint.Count).SequenceEqual(entrypoint) ? command.Skip(entrypoint.Count) : command } };
}
