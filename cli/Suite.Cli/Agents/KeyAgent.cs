using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Suite.Linux.Errors;
using Suite.Linux.Processes;

namespace Suite.Cli.Agents;

/// <summary>
/// An ssh-agent of our own for the time of a build, which holds the keys of some files: OpenSSH's program, that knows every kind of key and
/// asks for passphrases at the terminal.
/// </summary>
internal sealed class KeyAgent : IAsyncDisposable
{
    // The agent lives as long as the command that it is given, which lives as long as we do, however we end: it reads from us.
    private static readonly string[] Command = ["sh", "-c", "echo $SSH_AGENT_PID; exec cat >/dev/null"];

    private readonly string _folder;
    private readonly Process _command;
    private int _agent;

    private KeyAgent(string folder)
    {
        (_folder, Socket) = (folder, Path.Combine(folder, "agent"));
        var start = new ProcessStartInfo("ssh-agent", ["-a", Socket, .. Command]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        _command = Start(start);
    }

    public string Socket { get; }

    public static async Task<KeyAgent> StartAsync(IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        var agent = new KeyAgent(Directory.CreateTempSubdirectory("suite-agent-").FullName);
        try
        {
            var line = await agent._command.StandardOutput.ReadLineAsync(cancellationToken);
            if (!int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out agent._agent))
                throw new SuiteException(ErrorKind.FailedPrecondition, "--ssh: ssh-agent could not be started; try it by hand");
            foreach (var key in keys)
                await agent.AddAsync(key, cancellationToken);
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _command.StandardInput.Close();
        if (_agent > 0)
            ProcessSignals.Send(_agent, ProcessSignals.SIGTERM);
        await _command.WaitForExitAsync();
        _command.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AddAsync(string key, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("ssh-add", ["-q", "--", key]) { RedirectStandardError = true };
        start.Environment["SSH_AUTH_SOCK"] = Socket;
        using var adding = Start(start);
        var said = await adding.StandardError.ReadToEndAsync(cancellationToken);
        await adding.WaitForExitAsync(cancellationToken);
        if (adding.ExitCode != 0)
            throw new SuiteException(ErrorKind.InvalidArgument, $"--ssh: the key {key} cannot be used: {string.Join(' ', said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))}");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"--ssh with a key needs the program {start.FileName}: install openssh-client, or give the socket of an agent", e);
        }
    }
}
