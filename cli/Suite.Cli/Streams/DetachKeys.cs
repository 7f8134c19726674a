using System.CommandLine;
using Suite.Cli.Commands;
using Suite.Cli.Registries;
using Suite.Linux.Errors;

namespace Suite.Cli.Streams;

/// <summary>
/// The keys by which a person leaves a container that goes on: written "ctrl-p,ctrl-q" or "a,b". What could be their beginning
/// is held back until the next key says whether it was.
/// </summary>
internal sealed class DetachKeys
{
    private static readonly byte[] Default = [0x10, 0x11]; // ctrl-p, ctrl-q

    private readonly byte[] _sequence;
    private int _matched;

    private DetachKeys(byte[] sequence) => _sequence = sequence;

    /// <summary>Those of the command line, else those of Docker's config.json, else the default.</summary>
    public static async Task<DetachKeys> OfAsync(Invocation call, Option<string?> option) =>
        Parse(call.Get(option) ?? (await DockerConfig.OpenOrWarnAsync(call.Session)).DetachKeys);

    /// <param name="text">Null: the default. Empty: none.</param>
    public static DetachKeys Parse(string? text)
    {
        if (text is null)
            return new DetachKeys(Default);
        return new DetachKeys(text.Length == 0 ? [] : [.. text.Split(',').Select(Key)]);

        byte Key(string key) => key switch
        {
            [>= ' ' and <= '~' and var single] => (byte)single,
            ['c', 't', 'r', 'l', '-', >= 'a' and <= 'z' and var letter] => (byte)(letter - 'a' + 1),
            "ctrl-@" => 0,
            "ctrl-[" => 0x1B,
            "ctrl-\\" => 0x1C,
            "ctrl-]" => 0x1D,
            "ctrl-^" => 0x1E,
            "ctrl-_" => 0x1F,
            _ => throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use --detach-keys \"{text}\": \"{key}\" is no key; write letters or ctrl-a to ctrl-z, with commas between"),
        };
    }

    /// <summary>Takes what was typed.</summary>
    /// <param name="input">All of it.</param>
    /// <param name="passed">What goes on to the container.</param>
    /// <returns>Whether the sequence is complete.</returns>
    public bool Take(ReadOnlySpan<byte> input, List<byte> passed)
    {
        foreach (var key in input)
        {
            if (_sequence.Length > 0 && key == _sequence[_matched])
            {
                if (++_matched == _sequence.Length)
                {
                    _matched = 0;
                    return true;
                }

                continue;
            }

            // It was not the sequence: what was held back is input, and this key may be its beginning anew.
            passed.AddRange(_sequence.AsSpan(0, _matched));
            _matched = _sequence.Length > 1 && key == _sequence[0] ? 1 : 0;
            if (_matched == 0)
                passed.Add(key);
        }

        return false;
    }
}
