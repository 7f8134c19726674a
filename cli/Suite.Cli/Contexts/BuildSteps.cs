using System.Text;
using Suite.Graph.V1;

namespace Suite.Cli.Contexts;

/// <summary>Shows a build's steps and what their commands print.</summary>
internal sealed class BuildSteps(TextWriter writer, bool quiet)
{
    public BuildResult? Result { get; private set; }

    public Task ShowAsync(BuildResponse message)
    {
        switch (message.EventCase)
        {
            case BuildResponse.EventOneofCase.Step:
                var step = message.Step;
                return SayAsync($"Step {step.Index}/{step.Count}: {step.Instruction}{(step.Cached ? " (cached)" : "")}");
            case BuildResponse.EventOneofCase.Output:
                return quiet ? Task.CompletedTask : writer.WriteAsync(Encoding.UTF8.GetString(message.Output.Data.Span));
            case BuildResponse.EventOneofCase.Result:
                Result = message.Result;
                break;
        }

        return Task.CompletedTask;
    }

    public Task SayAsync(string line) => quiet ? Task.CompletedTask : writer.WriteLineAsync(line);
}
