using System.CommandLine;
using Suite.Cli.Output;
using Suite.Graph.V1;

namespace Suite.Cli.Commands;

internal sealed class RmiCommand : SuiteCommand
{
    private readonly Option<bool> _force;
    private readonly Argument<string[]> _images;

    public RmiCommand(string name = "rmi")
        : base(name, "[OPTIONS] IMAGE...", "Remove names of images, and the images with their last name")
    {
        _force = Flag("--force", "Also when a container uses it", "-f");
        // What scripts write for Docker's sake: no image here is the parent of another.
        Flag("--no-prune", "Keep parents without a name, of which there are none");
        _images = Several("IMAGE");
    }

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.ForEachAsync(call.Get(_images), async name =>
        {
            var removed = await call.Services.Images.RemoveAsync(
                new RemoveRequest { Image = name, Force = call.Get(_force) }, cancellationToken: cancellationToken);
            return string.Join(
                '\n',
                removed.Untagged.Select(t => $"Untagged: {ImageNames.Familiar(t)}").Concat(removed.Deleted.Select(d => $"Deleted: {d}")));
        });
}
