using Google.Protobuf;
using Grpc.Core;
using Suite.Graph.V1;
using Suite.Image.Builds;
using Suite.Image.Builds.Agents;
using Suite.Oci.References;
using BuildStep = Suite.Image.Builds.BuildStep;
using BuildWarning = Suite.Image.Builds.BuildWarning;

namespace Suite.Image.Endpoints;

/// <summary>Tells the caller of a build, one message at a time: gRPC takes no two.</summary>
internal sealed class BuildReport(IServerStreamWriter<BuildResponse> responses, CancellationToken cancellationToken) : IBuildReport, IDisposable
{
    /// <summary>Digests in one message: far below what gRPC takes.</summary>
    private const int WantedAtOnce = 10_000;

    private readonly SemaphoreSlim _turn = new(1, 1);

    public Task BegunAsync(BuildStep step) => TellAsync(new BuildResponse { Step = Message(step) });

    public Task EndedAsync(BuildStep step, bool cached, TimeSpan took)
    {
        var message = Message(step);
        (message.State, message.Cached, message.Took) = (BuildStepState.Done, cached, (ulong)took.Ticks * 100);
        return TellAsync(new BuildResponse { Step = message });
    }

    public Task PrintedAsync(BuildStep step, ReadOnlyMemory<byte> data, bool isError) => TellAsync(
        new BuildResponse { Output = new Suite.Graph.V1.BuildOutput { Data = ByteString.CopyFrom(data.Span), Step = (uint)step.Number, IsError = isError, Stage = step.Stage } });

    public Task WarnedAsync(BuildWarning warning) => TellAsync(
        new BuildResponse { Warning = new Suite.Graph.V1.BuildWarning { Rule = warning.Rule, Line = (uint)warning.Line, Message = warning.Message, Url = warning.Url } });

    public async Task WantAsync(IReadOnlyCollection<Digest> digests)
    {
        foreach (var some in digests.Chunk(WantedAtOnce))
        {
            var wanted = new BuildWanted();
            wanted.Digests.AddRange(some.Select(d => ByteString.CopyFrom(Convert.FromHexString(d.Hex))));
            await TellAsync(new BuildResponse { Wanted = wanted }).ConfigureAwait(false);
        }
    }

    public Task TellAgentAsync(AgentPiece piece) => TellAsync(new BuildResponse
    {
        Agent = new BuildAgentData { Connection = piece.Connection, Id = piece.Id, Data = ByteString.CopyFrom(piece.Data.Span), Last = piece.IsLast },
    });

    public async Task TellAsync(BuildResponse message)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await responses.WriteAsync(message, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static Suite.Graph.V1.BuildStep Message(BuildStep step) => new()
    {
        Index = (uint)step.Number, Count = (uint)step.Count, Line = (uint)step.Line, Instruction = step.Text, Stage = step.Stage,
    };
}
