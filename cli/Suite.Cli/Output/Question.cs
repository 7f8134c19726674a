using System.Text;
using Suite.Cli.Commands;

namespace Suite.Cli.Output;

/// <summary>Asks before something is lost. Anything but y or yes is no, and so is the end of the input.</summary>
internal static class Question
{
    public static async Task<bool> AskAsync(Invocation call, string sentence, CancellationToken cancellationToken)
    {
        await call.Error.WriteAsync($"{sentence} Go on? [y/N] ");
        var answer = new StringBuilder();
        var one = new byte[1];
        while (answer.Length < 80 && await call.Session.Streams.Input.ReadAsync(one, cancellationToken) > 0 && one[0] != '\n')
            answer.Append((char)one[0]);
        return answer.ToString().Trim().ToLowerInvariant() is "y" or "yes";
    }
}
