using Grpc.Core;
using Suite.Graph.V1;
using Suite.Image.Builds;
using Suite.Image.Builds.Agents;
using Suite.Image.Builds.Cache;
using Suite.Image.Builds.Contexts;
using Suite.Image.Builds.Dockerfiles;
using Suite.Linux.Errors;

namespace Suite.Image.Endpoints;

/// <summary>One Build call: options, then the context one way while steps, output and wishes for files go the other.</summary>
internal sealed class BuildCall(Builder builder, ContextStore store, CachePruning pruning)
{
    public async Task RunAsync(IAsyncStreamReader<BuildRequest> requests, IServerStreamWriter<BuildResponse> responses, CancellationToken cancellationToken)
    {
        if (!await requests.MoveNext(cancellationToken).ConfigureAwait(false) || requests.Current.Options is not { } said)
            throw new SuiteException(ErrorKind.InvalidArgument, "A build begins with its options.");
        using var report = new BuildReport(responses, cancellationToken);
        var agents = new CallerAgents([.. said.Agents], report.TellAgentAsync);
        var options = BuildMapping.ToOptions(said) with { Agents = agents };
        using var context = new BuildContext(store, report.WantAsync);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var receiving = new ContextReceiver(requests, store, context, agents).RunAsync(reading.Token);
        try
        {
            var archive = new ResponseStream<BuildResponse>(responses, data => new BuildResponse { Archive = new BuildArchive { Data = data } }, cancellationToken);
            var outcome = await builder.BuildAsync(context, options, report, archive, cancellationToken).ConfigureAwait(false);
            archive.Flush();
            var result = new BuildResult { Digest = outcome.Digest?.ToString() ?? "" };
            if (outcome.Image is { } image) result.Image = GraphMapping.ToInfo(image);
            await report.TellAsync(new BuildResponse { Result = result }).ConfigureAwait(false);
        }
        catch (BuildException e)
        {
            await report.TellAsync(new BuildResponse { Fault = new BuildFault { Line = (uint)e.Line, EndLine = (uint)e.EndLine } }).ConfigureAwait(false);
            throw;
        }
        finally
        {
            await reading.CancelAsync().ConfigureAwait(false);
            await receiving.ConfigureAwait(false);
            pruning.Wake();
        }
    }
}
