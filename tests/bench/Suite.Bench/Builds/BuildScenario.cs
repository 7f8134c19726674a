using System.Diagnostics;
using System.Text;
using Suite.Bench.Results;
using Suite.Linux.Errors;
using Suite.Testing.Files;
using Suite.Testing.Services;

namespace Suite.Bench.Builds;

/// <summary>
/// Builds through the command line of each, as a person calls it: the Dockerfiles of the e2e tests that both know, without a cache, and
/// one of 20 steps without and with it. buildah builds in a chroot, which is its quickest way, on overlay.
/// </summary>
internal sealed class BuildScenario : IAsyncDisposable
{
    public const string Peer = "buildah";

    public const int MostRounds = 20;

    private const string FlagLine = "# test:";

    private readonly TempFolder _folder = new("suite-bench-build");
    private readonly SuiteInstance _suite;
    private readonly Board _board;
    private readonly int _rounds;

    private BuildScenario(SuiteInstance suite, Board board, int rounds) => (_suite, _board, _rounds) = (suite, board, rounds);

    public static async Task<BuildScenario> StartAsync(Board board, int rounds)
    {
        var scenario = new BuildScenario(await SuiteInstance.StartAsync(InstanceName.Of("bench-build"), ["registry", "image", "network", "runtime"]), board, rounds);
        scenario.Prepare();
        return scenario;
    }

    public void Run()
    {
        var twenty = _folder.File("twenty.Dockerfile", Twenty());
        for (var round = 0; round < Math.Max(3, _rounds / 4); round++)
        {
            _board.AddTime(Names.ColdBuild, "suite", Suite(twenty, ["--no-cache"]));
            _board.AddTime(Names.ColdBuild, Peer, Buildah(twenty, ["--layers=false"]));
        }

        _ = Buildah(twenty, ["--layers"]);
        for (var round = 0; round < _rounds; round++)
        {
            _board.AddTime(Names.WarmBuild, "suite", Suite(twenty, []));
            _board.AddTime(Names.WarmBuild, Peer, Buildah(twenty, ["--layers"]));
        }

        foreach (var (dockerfile, flags) in Shared())
        {
            _board.AddTime(Names.ColdBuilds, "suite", Suite(dockerfile, ["--no-cache", .. flags]));
            _board.AddTime(Names.ColdBuilds, Peer, Buildah(dockerfile, ["--layers=false", .. flags]));
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

    private static string Twenty()
    {
        var text = new StringBuilder("FROM busybox\nWORKDIR /made\nCOPY a.txt b.txt ./\nENV A=1\n");
        for (var i = 0; i < 8; i++) text.Append($"RUN echo {i} > /made/{i}\nCOPY dir /made/dir{i}\n");
        return text.ToString();
    }

    private IEnumerable<(string Dockerfile, string[] Flags)> Shared()
    {
        var folder = Path.Combine(TestPaths.RepositoryRoot, "tests/e2e/Suite.E2e.Tests/Builds/Dockerfiles");
        foreach (var file in Directory.EnumerateFiles(folder, "*.Dockerfile").Order(StringComparer.Ordinal).Where(f => !Path.GetFileName(f).StartsWith("only-", StringComparison.Ordinal)))
        {
            var flags = File.ReadLines(file).FirstOrDefault(l => l.StartsWith(FlagLine, StringComparison.Ordinal))?[FlagLine.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
            yield return (file, [.. flags.Select(f => f.Replace("SECRET", _folder.Path("secret"), StringComparison.Ordinal))]);
        }
    }

    private void Prepare()
    {
        BuildFiles.Make(_folder);
        var archive = _folder.Path("base.tar");
        foreach (var (name, dockerfile) in new[] { ("busybox", "FROM scratch\nCOPY rootfs /\nENV PATH=/bin\nCMD [\"sh\"]\n"), ("triggers", "FROM busybox\nONBUILD RUN echo x > /fired\nONBUILD COPY a.txt /copied\n") })
        {
            _ = Suite(_folder.File($"{name}.Dockerfile", dockerfile), [], name, _folder.Path("base"));
            Call(TestPaths.Executable("suite"), ["save", "-o", archive, name]);
            Call("buildah", BuildahArguments("pull", "--quiet", $"docker-archive:{archive}"));
        }
    }

    private double Suite(string dockerfile, string[] flags, string tag = "bench", string? context = null) =>
        Call(TestPaths.Executable("suite"), ["build", "-q", "-t", tag, "-f", dockerfile, .. flags, context ?? _folder.Path("context")]);

    private double Buildah(string dockerfile, string[] flags) =>
        Call("buildah", BuildahArguments(["bud", "--quiet", "--isolation", "chroot", "--pull-never", "-t", "localhost/bench", "-f", dockerfile, .. flags, _folder.Path("context")]));

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
        return process.ExitCode == 0 || mayFail ? elapsed : throw new SuiteException(ErrorKind.Internal, $"measure {program} {string.Join(' ', arguments)}: {process.ExitCode}: {error.Result}");
    }
}
