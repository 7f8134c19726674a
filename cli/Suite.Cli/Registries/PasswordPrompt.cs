using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Terminals;

namespace Suite.Cli.Registries;

/// <summary>Asks for what was not given: the name as one types it, the password unseen.</summary>
internal static class PasswordPrompt
{
    private const int LongestLine = 4096;
    private const int ControlC = 3;
    private const int ControlD = 4;
    private const int Backspace = 8;
    private const int Delete = 127;

    public static async Task<string> AskAsync(Session session, string what, bool hidden)
    {
        if (!session.Streams.InputIsTerminal)
            throw new SuiteException(ErrorKind.InvalidArgument, $"there is no terminal to ask for the {what.ToLowerInvariant()}: give --username and --password-stdin");
        await session.Error.WriteAsync(what + ": ");
        using var raw = hidden ? RawMode.Enter(0) : null;
        try
        {
            return ReadLine(session.Streams.Input);
        }
        finally
        {
            if (hidden)
                await session.Error.WriteAsync("\r\n");
        }
    }

    /// <summary>All of standard input, without the line's end that `echo` adds.</summary>
    public static async Task<string> ReadAllAsync(Session session, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(session.Streams.Input, Encoding.UTF8, leaveOpen: true);
        return (await reader.ReadToEndAsync(cancellationToken)).TrimEnd('\r', '\n');
    }

    private static string ReadLine(Stream input)
    {
        var bytes = new List<byte>();
        while (bytes.Count < LongestLine)
        {
            switch (input.ReadByte())
            {
                case -1 or '\r' or '\n' or ControlD:
                    return Encoding.UTF8.GetString([.. bytes]);
                case ControlC:
                    throw new SuiteException(ErrorKind.InvalidArgument, "nothing was sent: the prompt was left with control-C");
                case Backspace or Delete:
                    // Of a character of several bytes all of them.
                    while (bytes.Count > 0)
                    {
                        var last = bytes[^1];
                        bytes.RemoveAt(bytes.Count - 1);
                        if ((last & 0xC0) != 0x80)
                            break;
                    }

                    break;
                case var letter:
                    bytes.Add((byte)letter);
                    break;
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
