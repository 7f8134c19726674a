using System.CommandLine;
using Suite.Cli.Agents;
using Suite.Cli.Contexts;
using Suite.Cli.Syntax;
using Suite.Graph.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

internal sealed class BuildCommand : SuiteCommand
{
    private readonly Option<string[]> _tag;
    private readonly Option<string?> _file;
    private readonly Option<string[]> _buildArg;
    private readonly Option<string[]> _label;
    private readonly Option<string?> _target;
    private readonly Option<string?> _platform;
    private readonly Option<string?> _output;
    private readonly Option<bool> _push;
    private readonly Option<string[]> _secret;
    private readonly Option<string[]> _ssh;
    private readonly Option<string[]> _allow;
    private readonly Option<string[]> _addHost;
    private readonly Option<string?> _network;
    private readonly Option<bool> _noCache;
    private readonly Option<bool> _pull;
    private readonly Option<string?> _iidFile;
    private readonly Option<string?> _progress;
    private readonly Option<bool> _check;
    private readonly Option<bool> _quiet;
    private readonly Argument<string> _context;

    public BuildCommand()
        : base("build", "[OPTIONS] FOLDER|REPOSITORY|URL|-", "Build an image from a Dockerfile and the files beside it")
    {
        _tag = List("--tag", "NAME[:TAG]", "Name of the image", "-t");
        _file = Text("--file", "FILE", "The Dockerfile (default: that of the context; \"-\": standard input)", "-f");
        _buildArg = List("--build-arg", "NAME[=VALUE]", "Set an ARG of the Dockerfile; without a value, pass on your own");
        _label = List("--label", "NAME[=VALUE]", "Set a label of the image");
        _target = Text("--target", "STAGE", "Build this stage, and those that it needs");
        _platform = Text("--platform", "OS/ARCH[,…]", "Other platforms than this machine's; several make an index");
        _output = Text("--output", "FOLDER|type=…,dest=…", "What to make: image, registry, oci, docker, local, tar, cacheonly", "-o");
        _push = Flag("--push", "Send the image to its registry");
        _secret = List("--secret", "id=NAME[,src=FILE|,env=VARIABLE]", "A secret for RUN --mount=type=secret");
        _ssh = List("--ssh", "default|ID[=SOCKET|KEY[,KEY]]", "An ssh agent, or keys, for RUN --mount=type=ssh and repositories by ssh");
        _allow = List("--allow", "RIGHT", "Let commands have network.host or security.insecure");
        _addHost = List("--add-host", "NAME:ADDRESS", "A line for /etc/hosts of commands");
        _network = Text("--network", "NETWORK", "For commands that do not say: default, none, host");
        _noCache = Flag("--no-cache", "Do every step anew");
        _pull = Flag("--pull", "Ask registries for the base images even when they are here");
        _iidFile = Text("--iidfile", "FILE", "Write the image's id into a file");
        _progress = Text("--progress", "HOW", "auto, plain, tty or quiet");
        _check = Flag("--check", "Warn of what the Dockerfile does, and build nothing");
        _quiet = Flag("--quiet", "Print the image's id only", "-q");
        // What scripts write for Docker's sake, and is so here anyway.
        Flag("--load", "Record the image, as is done without it");
        Flag("--rm", "Remove the containers of commands, as is done without it");
        Flag("--force-rm", "Also after a failure, as is done without it");
        Text("--provenance", "false", "No attestation of the build, which is never made").AcceptOnlyFromAmong("false");
        Text("--sbom", "false", "No attestation of the contents, which is never made").AcceptOnlyFromAmong("false");
        _context = One("CONTEXT");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var output = BuildOutputOption.Parse(call.Get(_output));
        using var source = await BuildSource.OpenAsync(call.Session, call.Get(_context), call.Get(_file), KeepsGitDirectory(call), cancellationToken);
        var context = source.Context;
        var options = await ReadAsync(call, context, output, cancellationToken);
        await using var agents = await LentAgents.OpenAsync(call.Get(_ssh) ?? [], call.Session.Environment, cancellationToken);
        options.Agents.Add(agents.Sockets.Keys);
        using var progress = BuildProgress.For(call.Session, call.Get(_quiet) ? "quiet" : call.Get(_progress) ?? call.Session.Environment("BUILDKIT_PROGRESS") ?? "auto");
        var run = new BuildRun(call, context, output, agents, progress);
        var result = await run.RunAsync(options, cancellationToken);
        if (call.Get(_check))
        {
            await call.Error.WriteLineAsync(run.Warnings.Count == 0 ? "Check complete, no warnings found." : $"Check complete, {run.Warnings.Count} {(run.Warnings.Count == 1 ? "warning" : "warnings")} found.");
            return run.Warnings.Count == 0 ? ExitCodes.Success : ExitCodes.Failure;
        }

        // Of an archive it is the manifest's digest: nothing is recorded that would have another.
        if (call.Get(_iidFile) is { } file && (result.Image?.Id ?? result.Digest) is { Length: > 0 } id)
            await File.WriteAllTextAsync(file, id, cancellationToken);
        if (result.Image is not { } image)
            return ExitCodes.Success;
        if (!call.Get(_quiet))
        {
            foreach (var tag in options.Tags)
                await call.Error.WriteLineAsync($"Tagged {Output.ImageNames.Familiar(tag)}");
        }

        await call.Out.WriteLineAsync(image.Id);
        return ExitCodes.Success;
    }

    /// <summary>As BuildKit's front end is told it.</summary>
    private bool KeepsGitDirectory(Invocation call) => (call.Get(_buildArg) ?? []).Any(a => a is "BUILDKIT_CONTEXT_KEEP_GIT_DIR=1" or "BUILDKIT_CONTEXT_KEEP_GIT_DIR=true");

    private async Task<BuildOptions> ReadAsync(Invocation call, BuildContext context, BuildOutputOption output, CancellationToken cancellationToken)
    {
        var options = new BuildOptions
        {
            Dockerfile = context.DockerfileName,
            DockerfileContent = Google.Protobuf.ByteString.CopyFrom(context.Dockerfile),
            Target = call.Get(_target) ?? "",
            NoCache = call.Get(_noCache),
            Pull = call.Get(_pull),
            Platform = call.Get(_platform) ?? "",
            Network = call.Get(_network) ?? "",
            Output = call.Get(_check) ? BuildOutputKind.Check : output.Kind,
            Push = (output.Push || call.Get(_push)) && !call.Get(_check),
        };
        options.Tags.Add([.. call.Get(_tag) ?? [], .. output.Names]);
        options.Ignored.Add(context.Ignored);
        options.Allow.Add(call.Get(_allow) ?? []);
        options.ExtraHosts.Add(call.Get(_addHost) ?? []);
        foreach (var pair in EnvironmentSyntax.Read([], call.Get(_buildArg) ?? [], call.Session.Environment).Select(LabelSyntax.Parse))
            options.BuildArgs[pair.Key] = pair.Value;
        // As BuildKit's clients do: the author of a reproducible build sets it once, for all tools.
        if (call.Session.Environment("SOURCE_DATE_EPOCH") is { Length: > 0 } epoch)
            options.BuildArgs.TryAdd("SOURCE_DATE_EPOCH", epoch);
        foreach (var pair in (call.Get(_label) ?? []).Select(LabelSyntax.Parse))
            options.Labels[pair.Key] = pair.Value;
        foreach (var (id, value) in (call.Get(_secret) ?? []).Select(s => SecretOption.Read(s, call.Session.Environment)))
            options.Secrets[id] = new BuildSecret { Value = Google.Protobuf.ByteString.CopyFrom(value) };
        options.Auths.Add(await BuildLogins.FindAsync(context.Dockerfile, options.Tags, call.Session, cancellationToken));
        if (options.DockerfileContent.IsEmpty)
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot build: {context.DockerfileName} is empty");
        return options;
    }
}
