using System.CommandLine;
using Grpc.Core;
using Suite.Graph.V1;

namespace Suite.Cli.Commands;

internal sealed class CommitCommand : SuiteCommand
{
    private readonly Option<string?> _author;
    private readonly Option<string?> _message;
    private readonly Option<string[]> _change;
    private readonly Option<bool> _pause;
    private readonly Option<bool> _noPause;
    private readonly Argument<string> _container;
    private readonly Argument<string?> _reference;

    public CommitCommand()
        : base("commit", "[OPTIONS] CONTAINER [NAME[:TAG]]", "Make an image of a container and what it changed")
    {
        _author = Text("--author", "NAME", "Who made it", "-a");
        _message = Text("--message", "TEXT", "A comment for the image's history", "-m");
        _change = List("--change", "INSTRUCTION", "A Dockerfile instruction for the configuration, such as CMD", "-c");
        _pause = Flag("--pause", "Let it stand still meanwhile, so that its files fit together (default: true)", "-p");
        _noPause = Flag("--no-pause", "Let it go on meanwhile");
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
        var paused = call.GetOr(_pause, !call.Get(_noPause)) && await PauseAsync(call, container, cancellationToken);
        try
        {
            await call.Out.WriteLineAsync((await call.Services.Images.CommitAsync(request, cancellationToken: cancellationToken)).Image.Id);
        }
        finally
        {
            // Also after control-C: nobody would know why it stands still.
            if (paused)
                await ResumeAsync(call, container);
        }

        return ExitCodes.Success;
    }

    private static async Task<bool> PauseAsync(Invocation call, Suite.Container.V1.ContainerInfo container, CancellationToken cancellationToken)
    {
        if (container.State != Suite.Container.V1.State.Running)
            return false;
        try
        {
            await call.Services.Containers.PauseAsync(new Suite.Container.V1.PauseRequest { Container = container.Id }, cancellationToken: cancellationToken);
            return true;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.FailedPrecondition)
        {
            // Ended or paused since it was looked at: it stands still as it is.
            return false;
        }
    }

    private static async Task ResumeAsync(Invocation call, Suite.Container.V1.ContainerInfo container)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await call.Services.Containers.ResumeAsync(new Suite.Container.V1.ResumeRequest { Container = container.Id }, cancellationToken: limit.Token);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.FailedPrecondition or StatusCode.NotFound)
        {
            // Somebody else let it go on, or ended it.
        }
    }

    /// <summary>What the container runs becomes what its image runs: the command, behind the image's entry point.</summary>
    private static ImageConfig Started(IReadOnlyList<string> entrypoint, IReadOnlyList<string> command) =>
        new() { Cmd = { command.Take(entrypoint.Count).SequenceEqual(entrypoint) ? command.Skip(entrypoint.Count) : command } };
}
