using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Suite.Testing.Files;

namespace Suite.Testing.Services;

/// <summary>Repositories served by git's own daemon on loopback, made and changed by git as its users do.</summary>
public sealed class GitDaemon : IDisposable
{
    private readonly TempFolder _folder = new("gitd");
    private readonly int _port = LoopbackPort.Free();
    private readonly Process _daemon;

    private GitDaemon()
    {
        _daemon = Process.Start(new ProcessStartInfo("/usr/lib/git-core/git-daemon",
            ["--reuseaddr", "--export-all", $"--base-path={_folder.FullName}", "--listen=127.0.0.1", string.Create(CultureInfo.InvariantCulture, $"--port={_port}"), _folder.FullName])
        { RedirectStandardError = true })!;
    }

    public string FolderOf(string repository) => _folder.Path(repository);

    public string UrlOf(string repository) => string.Create(CultureInfo.InvariantCulture, $"git://127.0.0.1:{_port}/{repository}/.git");

    public static async Task<GitDaemon> StartAsync(CancellationToken cancellationToken)
    {
        var daemon = new GitDaemon();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", daemon._port, cancellationToken);
                return daemon;
            }
            catch (SocketException) when (attempt < 100)
            {
                await Task.Delay(50, cancellationToken);
            }
        }
    }

    /// <summary>Runs git in a repository, with an identity and a time of its own and nobody's settings.</summary>
    public string Git(string repository, params string[] arguments)
    {
        Directory.CreateDirectory(FolderOf(repository));
        var start = new ProcessStartInfo("git", ["-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main", .. arguments])
        {
            WorkingDirectory = FolderOf(repository), RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in new[]
        {
            ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_AUTHOR_NAME", "a"), ("GIT_AUTHOR_EMAIL", "a@localhost"), ("GIT_COMMITTER_NAME", "c"),
            ("GIT_COMMITTER_EMAIL", "c@localhost"), ("GIT_AUTHOR_DATE", "1700000000 +0000"), ("GIT_COMMITTER_DATE", "1700000000 +0000"),
        })
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {errors.Result}");
    }

    /// <summary>Writes files, and makes a commit of all that changed.</summary>
    /// <returns>The commit.</returns>
    public string Commit(string repository, params (string Path, string Content)[] files)
    {
        if (!Directory.Exists(_folder.Path(repository, ".git")))
            Git(repository, "init", "--quiet");
        foreach (var (path, content) in files)
            _folder.File($"{repository}/{path}", content);
        Git(repository, "add", "--all");
        Git(repository, "commit", "--quiet", "--allow-empty", "-m", "change");
        return Git(repository, "rev-parse", "HEAD");
    }

    public void Dispose()
    {
        _daemon.Kill(entireProcessTree: true);
        _daemon.WaitForExit();
        _daemon.Dispose();
        _folder.Dispose();
    }
}
