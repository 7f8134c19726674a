using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Suite.Linux.Errors;

namespace Suite.Image.Builds.Git;

/// <summary>
/// The machine's git, which speaks to repositories for us. It asks nobody anything, reads no settings and no credentials of whoever this
/// service runs as, runs no hooks, and follows a repository to no other protocol than those that Dockerfiles may name.
/// </summary>
/// <param name="knownHosts">Keys of ssh hosts: the first one that a host shows is remembered, and another one later is refused.</param>
internal sealed class GitProgram(string knownHosts, TimeSpan limit, string? searchPath = null)
{
    /// <summary>Debug output and progress of a hostile server are not kept without end.</summary>
    private const int MostOutput = 1 << 20;

    private const string Protocols = "http:https:git:ssh";

    private static readonly string[] Proxies = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy"];

    private readonly string _searchPath = searchPath ?? Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin";

    /// <param name="folder">Of a repository, or an empty one.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="GitException">It did not succeed.</exception>
    public async Task<string> RunAsync(string folder, string remote, GitAccess access, CancellationToken cancellationToken, params IReadOnlyList<string> arguments)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(limit);
        using var process = Start(folder, remote, access, arguments);
        try
        {
            var (output, errors) = (ReadAsync(process.StandardOutput.BaseStream, patience.Token), ReadAsync(process.StandardError.BaseStream, patience.Token));
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            var (printed, said) = (await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
            return process.ExitCode == 0 ? printed : throw GitException.Of(arguments[0], said);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GitException(ErrorKind.DeadlineExceeded, $"git {arguments[0]} did not end within {limit.TotalSeconds} seconds, as the server does not answer or is slow");
        }
        finally
        {
            Kill(process);
        }
    }

    private Process Start(string folder, string remote, GitAccess access, IReadOnlyList<string> arguments)
    {
        var program = _searchPath.Split(':').Where(p => p.Length > 0).Select(p => Path.Combine(p, "git")).FirstOrDefault(File.Exists)
            ?? throw new GitException(ErrorKind.FailedPrecondition, "there is no program git on this machine: install it");
        // What git checks out has the modes that everybody expects, whatever this service's own umask is.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "umask 022; exec \"$@\"", "sh", program, .. arguments])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in Variables(folder, remote, access)) start.Environment[name] = value;
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception e)
        {
            throw new GitException(ErrorKind.FailedPrecondition, $"{program} cannot be run: {e.Message}");
        }
    }

    private IEnumerable<(string Name, string Value)> Variables(string folder, string remote, GitAccess access)
    {
        yield return ("PATH", _searchPath);
        yield return ("LC_ALL", "C");
        yield return ("HOME", "/dev/null");
        yield return ("GIT_CONFIG_NOSYSTEM", "1");
        yield return ("GIT_CONFIG_GLOBAL", "/dev/null");
        yield return ("GIT_TERMINAL_PROMPT", "0");
        yield return ("GIT_ASKPASS", "/bin/false");
        yield return ("GIT_ALLOW_PROTOCOL", Protocols);
        yield return ("GIT_CEILING_DIRECTORIES", Path.GetDirectoryName(folder)!);
        // No identity but the agent's, no settings but these.
        yield return ("GIT_SSH_COMMAND", $"ssh -F /dev/null -o BatchMode=yes -o ConnectTimeout=30 -o IdentityFile=none -o StrictHostKeyChecking=accept-new -o 'UserKnownHostsFile=\"{knownHosts}\"'");
        if (access.AgentSocket is { } socket) yield return ("SSH_AUTH_SOCK", socket);
        foreach (var name in Proxies)
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value) yield return (name, value);
        (string Name, string Value)[] settings =
        [
            ("core.hooksPath", "/dev/null"), ("core.fsmonitor", "false"), ("core.logAllRefUpdates", "false"), ("credential.helper", ""), ("init.defaultBranch", "master"),
            ("advice.detachedHead", "false"), ("gc.auto", "0"), ("maintenance.auto", "false"), ("protocol.file.allow", "never"), .. access.Settings(remote),
        ];
        yield return ("GIT_CONFIG_COUNT", settings.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        for (var i = 0; i < settings.Length; i++)
        {
            yield return ($"GIT_CONFIG_KEY_{i}", settings[i].Name);
            yield return ($"GIT_CONFIG_VALUE_{i}", settings[i].Value);
        }
    }

    /// <summary>To the end, as who cannot write never ends.</summary>
    private static async Task<string> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var kept = new MemoryStream();
        var buffer = new byte[16 << 10];
        int length;
        while ((length = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0) kept.Write(buffer, 0, (int)Math.Min(length, MostOutput - kept.Length));
        return Encoding.UTF8.GetString(kept.ToArray());
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended meanwhile.
        }
    }
}
