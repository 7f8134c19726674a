using System.CommandLine;
using Suite.Linux.Errors;
using Suite.Registry.V1;

namespace Suite.Cli.Commands;

internal sealed class RegistryRemoveCommand : SuiteCommand
{
    private readonly Argument<string[]> _names;

    public RegistryRemoveCommand()
        : base("rm", "REPOSITORY:TAG|REPOSITORY@DIGEST...", "Delete tags, or manifests with all their tags")
    {
        _names = Several("NAME");
    }

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.ForEachAsync(call.Get(_names), async name =>
        {
            var at = name.IndexOf('@', StringComparison.Ordinal);
            var split = at >= 0 ? at : name.LastIndexOf(':');
            if (split < 1)
                throw new SuiteException(ErrorKind.InvalidArgument, $"'{name}' names no tag and no digest: write REPOSITORY:TAG or REPOSITORY@DIGEST");
            await call.Services.Registry.DeleteManifestAsync(
                new DeleteManifestRequest { Repository = name[..split], Reference = name[(split + 1)..] }, cancellationToken: cancellationToken);
            return name;
        });
}
