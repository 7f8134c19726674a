using System.CommandLine;
using Suite.Cli.Archives;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

internal sealed class CopyCommand : SuiteCommand
{
    private readonly Option<bool> _archive;
    private readonly Option<bool> _follow;
    private readonly Argument<string> _source;
    private readonly Argument<string> _target;

    public CopyCommand()
        : base("cp", "[OPTIONS] CONTAINER:PATH PATH|-  or  PATH|- CONTAINER:PATH", "Copy files between a container and this machine")
    {
        _archive = Flag("--archive", "Keep the numbers of users and groups", "-a");
        _follow = Flag("--follow-link", "Copy what a link leads to", "-L");
        // What scripts write for Docker's sake, and is so here anyway.
        Flag("--quiet", "Show no progress, as is done without it", "-q");
        _source = One("SOURCE");
        _target = One("TARGET");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var (source, target) = (CopyPlace.Parse(call.Get(_source)), CopyPlace.Parse(call.Get(_target)));
        if (target is { Container: null, Path: "-" } && call.Session.Streams.OutputIsTerminal)
            throw new SuiteException(ErrorKind.InvalidArgument, "an archive is no text for a terminal: name a file or folder, or redirect standard output");
        if (source is { Container: null, Path: "-" } && call.Session.Streams.InputIsTerminal)
            throw new SuiteException(ErrorKind.InvalidArgument, "an archive is expected on standard input, and that is a terminal: name a file or folder");
        switch (source.Container, target.Container)
        {
            case ({ } container, null):
                await new CopyFromContainer(call.Services.Containers).CopyAsync(
                    container, source.Path, target.Path, call.Get(_follow), call.Session.Streams.Output, cancellationToken);
                return ExitCodes.Success;
            case (null, { } container):
                await new CopyToContainer(call.Services.Containers).CopyAsync(
                    source.Path, container, target.Path, call.Get(_follow), toRoot: !call.Get(_archive), call.Session.Streams.Input, cancellationToken);
                return ExitCodes.Success;
            default:
                throw new SuiteException(
                    ErrorKind.InvalidArgument, "cannot copy: one of the two is to be in a container, written CONTAINER:PATH");
        }
    }
}

/// <summary>One end of a copy.</summary>
/// <param name="Container">Null: this machine.</param>
internal sealed record CopyPlace(string? Container, string Path)
{
    /// <summary>A path that begins with "/" or "." is one here, even with a colon in it.</summary>
    public static CopyPlace Parse(string text)
    {
        var colon = text.IndexOf(':');
        return text == "-" || text.StartsWith('/') || text.StartsWith('.') || colon <= 0
            ? new CopyPlace(null, text)
            : new CopyPlace(text[..colon], text[(colon + 1)..]);
    }
}
