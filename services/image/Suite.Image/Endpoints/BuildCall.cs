using Grpc.Core;
using Suite.Graph.V1;
using Suite.Hosting;
using Suite.Image.Builds;
using Suite.Linux.Errors;
using Suite.Oci.References;
using BuildOptions = Suite.Image.Builds.BuildOptions;
using Platform = Suite.Oci.Images.Platform;

namespace Suite.Image.Endpoints;

/// <summary>One Build call: options, context, steps, result.</summary>
internal sealed class BuildCall(Builder builder, SuitePaths paths)
{
    private string Folder => Path.Combine(paths.StateDirectory("image"), "builds-tmp");

    /// <summary>Contexts of a killed process.</summary>
    public void Recover() => Linux.Files.FileTree.Remove(Folder);

    public async Task RunAsync(IAsyncStreamReader<BuildRequest> requests, IServerStreamWriter<BuildResponse> responses, CancellationToken cancellationToken)
    {
        if (!await requests.MoveNext(cancellationToken).ConfigureAwait(false) || requests.Current.Options is not { } said)
            throw new SuiteException(ErrorKind.InvalidArgument, "A build begins with its options.");
        var options = ToOptions(said);
        using var context = await Task.Factory.StartNew(
            () => BuildContext.Unpack(new ContextStream(requests, cancellationToken), Folder, cancellationToken),
            cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        var image = await builder.BuildAsync(context, options, step => responses.WriteAsync(ToMessage(step), cancellationToken), cancellationToken).ConfigureAwait(false);
        await responses.WriteAsync(new BuildResponse { Result = new BuildResult { Image = GraphMapping.ToInfo(image) } }, cancellationToken).ConfigureAwait(false);
    }

    private static BuildOptions ToOptions(Suite.Graph.V1.BuildOptions said)
    {
        if (said.Target.Length > 0) throw new SuiteException(ErrorKind.Unsupported, "Stages (--target) are not supported yet.");
        if (said.Platform.Length > 0 && !Platform.Current.Accepts(Platform.Parse(said.Platform)))
            throw new SuiteException(ErrorKind.Unsupported, $"Images are built for {Platform.Current} here, not for {said.Platform}.");
        var tags = said.Tags.Select(Reference.Parse).ToArray();
        if (tags.FirstOrDefault(t => t.Digest is not null) is { } bad)
            throw new SuiteException(ErrorKind.InvalidArgument, $"'{bad.Familiar}' has a digest: a new name cannot choose its digest.");
        return new BuildOptions(
            tags, said.Dockerfile.Length > 0 ? said.Dockerfile : "Dockerfile", new Dictionary<string, string>(said.BuildArgs), new Dictionary<string, string>(said.Labels));
    }

    private static BuildResponse ToMessage(BuildProgress step) => new()
    {
        Step = new BuildStep
        {
            Index = (uint)step.Index, Count = (uint)step.Count, Line = (uint)step.Instruction.Line, Instruction = step.Instruction.Text,
        },
    };
}
