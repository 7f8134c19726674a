using System.Text;
using Suite.Cli.Commands;
using Suite.Linux.Errors;

namespace Suite.Cli.Output;

/// <summary>Asks before something is lost. Anything but y or yes is no; that nobody answers is a failure, which a script is to see.</summary>
internal static class Question
{
    public static async Task<bool> AskAsync(Invocation call, string sentence, CancellationToken cancellationToken)
    {
        await call.Error.WriteAsync($"{sentence} Go on? [y/N] ");
        var answer = new StringBuilder();
        var one = new byte[1];
        while (answer.Length < 80)
        {
            if (await call.Session.Streams.Input.ReadAsync(one, cancellationToken) == 0)
            {
                await call.Error.WriteLineAsync();
                if (answer.Length == 0)
                    throw new SuiteException(ErrorKind.InvalidArgument, "nothing was removed: nobody is there to answer; add --force");
                break;
            }

            if (one[0] == '\n')
                break;
            answer.Append((char)one[0]);
        }

        return answer.ToString().Trim().ToLowerInvariant() is "y" or "yes";
    }
}
