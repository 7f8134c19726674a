using Grpc.Core;
using Suite.Linux.Errors;

namespace Suite.Cli.Output;

/// <summary>Turns what a call failed with into the one sentence that a person sees.</summary>
internal static class Failures
{
    /// <returns>Null for a defect of ours, which is better seen with its stack.</returns>
    public static string? Describe(Exception exception) => exception switch
    {
        SuiteException e => e.Message,
        RpcException e => Describe(e),
        IOException e => e.Message,
        UnauthorizedAccessException e => e.Message,
        OperationCanceledException => "the call was cancelled",
        _ => null,
    };

    private static string Describe(RpcException e)
    {
        // A connection that failed: our own sentence, thrown while connecting, is inside.
        for (var inner = e.Status.DebugException; inner is not null; inner = inner.InnerException)
        {
            if (inner is SuiteException ours)
                return ours.Message;
        }

        return e.StatusCode switch
        {
            StatusCode.Unavailable when e.Status.DebugException is not null =>
                "the service closed the connection before it answered; see its log, or start it again with \"suite up\"",
            StatusCode.Unimplemented when e.Status.Detail.Length == 0 || e.Status.Detail == "Service is unimplemented." =>
                "the service does not know this call: suite and the services are of different versions; restart them with \"suite down\" and \"suite up\"",
            _ when e.Status.Detail.Length == 0 => $"the service answered {e.StatusCode} without a reason",
            StatusCode.InvalidArgument => OptionNames.InPlaceOfField(e.Status.Detail),
            _ => e.Status.Detail,
        };
    }
}
