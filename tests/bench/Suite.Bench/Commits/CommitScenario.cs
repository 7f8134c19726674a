using System.Diagnostics;
using System.Globalization;
using Suite.Bench.Images;
using Suite.Bench.Results;
using Suite.Linux.Errors;
using Suite.Testing.Files;
using Suite.Testing.Services;

namespace Suite.Bench.Commits;

/// <summary>
/// Commits of a container with 1 GiB of files of which ten were changed, through the command line of each. What others may do in a second
/// and what grows with the image shows here: nothing but the changes should count.
/// </summary>
internal sealed class CommitScenario : IAsyncDisposable
{
    public const string Peer = "buildah";

    public const int MostRounds = 20;

    private const int Layers = 4;
    private const int MebibytesInLayer = 256;
    private const int Changed = 10;

    private readonly TempFolder _folder = new("suite-bench-commit");
    private readonly SuiteInstance _suite;
    private readonly Board _board;
    private readonly int _rounds;

    private CommitScenario(SuiteInstance suite, Board board, int rounds) => (_suite, _board, _rounds) = (suite, board, rounds);

    public static async Task<CommitScenario> StartAsync(Board board, int rounds)
    {
        var scenario = new CommitScenario(await SuiteInstance.StartAsync(InstanceName.Of("bench-commit"), ["registry", "image", "network", "runtime"]), board, rounds);
        try
        {
            await scenario.PrepareAsync();
            return scenario;
        }
        catch
        {
            await scenario.DisposeAsync();
            throw;
        }
    }

    public void Run()
    {
        for (var round = -1; round < _rounds; round++)
        {
            // Anew in each round, or the second commit would find its layer made.
            var content = _folder.Path("content");
            File.WriteAllBytes(content, System.Security.Cryptography.RandomNumberGenerator.GetBytes(64 * 1024));
            for (var file = 0; file < Changed; file++)
            {
                var path = Layer.BulkName(1 + (file % Layers), file * 100);
                Suite("cp", content, $"changed:/{path}");
                Buildah("copy", "--quiet", "changed", content, "/" + path);
            }

            var (ours, theirs) = (Suite("commit", "changed", "committed"), Buildah("commit", "--quiet", "changed", "localhost/committed"));
            if (round < 0) continue; // the first one warms up
            _board.AddTime(Names.Commit, "suite", ours);
            _board.AddTime(Names.Commit, Peer, theirs);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Call("buildah", BuildahArguments("rm", "--all"), mayFail: true);
        await _suite.DisposeAsync();
        // An overlay that buildah has left mounted would outlive the folder.
        Call("umount", [_folder.Path("buildah", "overlay")], mayFail: true);
        _folder.Dispose();
    }

    private async Task PrepareAsync()
    {
        string name;
        using (var push = new RegistryPush(_suite.Registry))
            name = await push.PushAsync("bench/gibibyte", "/bin/idle", [Layer.Busybox(IdleProgram.Compile()), .. Enumerable.Range(1, Layers).Select(seed => Layer.Repetitive(seed, MebibytesInLayer))]);
        Suite("pull", "-q", name);
        Suite("run", "-d", "--network", "none", "--name", "changed", name);
        Buildah("from", "--quiet", "--tls-verify=false", "--name", "changed", $"docker://{name}");
    }

    private double Suite(params string[] arguments) => Call(TestPaths.Executable("suite"), arguments);

    private double Buildah(params string[] arguments) => Call("buildah", BuildahArguments(arguments));

    private string[] BuildahArguments(params string[] more) =>
        ["--root", _folder.Path("buildah"), "--runroot", _folder.Path("buildah-run"), "--storage-driver", "overlay", .. more];

    private double Call(string program, string[] arguments, bool mayFail = false)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["SUITE_RUN"] = _suite.Run;
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return process.ExitCode == 0 || mayFail
            ? elapsed
            : throw new SuiteException(ErrorKind.Internal, string.Create(CultureInfo.InvariantCulture, $"measure {program} {string.Join(' ', arguments)}: {process.ExitCode}: {error.Result}"));
    }
}
