using System.CommandLine;
using Grpc.Core;
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
    private readonly Option<bool> _noCache;
    private readonly Option<bool> _quiet;
    private readonly Argument<string> _context;

    public BuildCommand()
        : base("build", "[OPTIONS] FOLDER", "Build an image from a Dockerfile and the files beside it")
    {
        _tag = List("--tag", "NAME[:TAG]", "Name of the image", "-t");
        _file = Text("--file", "FILE", "The Dockerfile (default: FOLDER/Dockerfile)", "-f");
        _buildArg = List("--build-arg", "NAME[=VALUE]", "Set an ARG of the Dockerfile; without a value, pass on your own");
        _label = List("--label", "NAME[=VALUE]", "Set a label of the image");
        _target = Text("--target", "STAGE", "Stop after this stage");
        _platform = Text("--platform", "OS/ARCH", "Another platform than this machine's");
        _noCache = Flag("--no-cache", "Run every step anew");
        _quiet = Flag("--quiet", "Print the image's id only", "-q");
        _context = One("FOLDER");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var context = BuildContext.Open(call.Get(_context), call.Get(_file));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var build = call.Services.Images.Build(cancellationToken: ending.Token);
        await build.RequestStream.WriteAsync(new BuildRequest { Options = Read(call, context) }, cancellationToken);
        var upload = ContextUpload.SendAsync(context, build.RequestStream, ending);
        var steps = new BuildSteps(call.Error, call.Get(_quiet));
        try
        {
            await foreach (var message in build.ResponseStream.ReadAllAsync(cancellationToken))
                await steps.ShowAsync(message);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled && !cancellationToken.IsCancellationRequested)
        {
            // The upload gave up, as a file could not be read: its reason is the one to say.
            await upload;
            throw;
        }
        finally
        {
            // A build that failed does not want the rest of its context.
            await ending.CancelAsync();
        }

        var result = steps.Result ?? throw new SuiteException(
            ErrorKind.Unavailable, "the build ended before it was complete: suite-image stopped; see its log, then try again");
        foreach (var tag in result.Image.Tags)
            await steps.SayAsync($"Tagged {Output.ImageNames.Familiar(tag)}");
        await call.Out.WriteLineAsync(result.Image.Id);
        return ExitCodes.Success;
    }

    private BuildOptions Read(Invocation call, BuildContext context)
    {
        var options = new BuildOptions
        {
            Dockerfile = context.Dockerfile,
            Target = call.Get(_target) ?? "",
            NoCache = call.Get(_noCache),
            Platform = call.Get(_platform) ?? "",
        };
        options.Tags.Add(call.Get(_tag) ?? []);
        foreach (var pair in EnvironmentSyntax.Read([], call.Get(_buildArg) ?? [], call.Session.Environment).Select(LabelSyntax.Parse))
            options.BuildArgs[pair.Key] = pair.Value;
        foreach (var pair in (call.Get(_label) ?? []).Select(LabelSyntax.Parse))
            options.Labels[pair.Key] = pair.Value;
        return options;
    }
}
