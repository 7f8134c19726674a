using System.Diagnostics;
using System.Text.Json;
using Suite.Oci.Runtime;
using Suite.Testing.Files;
using Suite.Testing.Leaks;
using Process = System.Diagnostics.Process;

namespace Suite.Root.Tests.Oci;

/// <summary>One --root of suite-oci, with a bundle of busybox. Nothing may be left of its containers.</summary>
internal sealed class OciRig : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly LeakGuard _leaks;
    private int _calls;

    public OciRig(string instance)
    {
        Instance = instance;
        _leaks = new LeakGuard(instance);
        Folder = new TempFolder(instance);
        BusyboxRootfs.Make(Folder.Folder("bundle", "rootfs"));
    }

    public static string Program { get; } = TestPaths.Executable("suite-oci");

    public string Instance { get; }

    public TempFolder Folder { get; }

    public string Bundle => Folder.Path("bundle");

    /// <summary>The file that <see cref="Call"/> names with --log.</summary>
    public string Log => Folder.Path("log.json");

    /// <summary>A container's id: it carries the instance's name, as its cgroup does.</summary>
    public string Id(string name) => $"{Instance}-{name}";

    /// <summary>A config.json like the one of `suite-oci spec`, for a program without a terminal.</summary>
    public Spec Spec(params string[] args) => new()
    {
        Process = new()
        {
            Args = args,
            Env = ["PATH=/bin:/usr/bin"],
            Cwd = "/",
            NoNewPrivileges = true,
            Capabilities = new() { Bounding = ["CAP_KILL"], Effective = ["CAP_KILL"], Permitted = ["CAP_KILL"] },
        },
        Root = new() { Path = "rootfs" },
        Hostname = "oci",
        Mounts =
        [
            new() { Destination = "/proc", Type = "proc", Source = "proc" },
            new() { Destination = "/dev", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid", "mode=755", "size=65536k"] },
            new() { Destination = "/dev/pts", Type = "devpts", Source = "devpts", Options = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"] },
        ],
        Linux = new()
        {
            CgroupsPath = $"/{Instance}",
            Namespaces = [new() { Type = "pid" }, new() { Type = "mount" }, new() { Type = "ipc" }, new() { Type = "uts" }, new() { Type = "network" }, new() { Type = "cgroup" }],
        },
    };

    /// <summary>Writes the bundle's config.json; each container has a cgroup of its own below the instance's.</summary>
    public void Write(Spec spec, string name = "one") => File.WriteAllBytes(
        Path.Combine(Bundle, "config.json"),
        JsonSerializer.SerializeToUtf8Bytes(spec with { Linux = spec.Linux! with { CgroupsPath = $"/{Instance}-{name}" } }, RuntimeJson.Default.Spec));

    /// <summary>Runs suite-oci with files as its standard streams: the container it creates has them too, and they never hold it up.</summary>
    public Answer Call(params string[] arguments) => Start([], arguments).Wait();

    /// <summary>As <see cref="Call"/>, with variables in its environment, and without waiting.</summary>
    public Running Start(IReadOnlyList<string> environment, params string[] arguments)
    {
        var number = ++_calls;
        var (output, error) = (Folder.Path($"{number}.out"), Folder.Path($"{number}.err"));
        var start = new ProcessStartInfo("/bin/sh");
        foreach (var word in (string[])["-c", "out=$1 err=$2; shift 2; exec env \"$@\" >$out 2>$err </dev/null", "sh", output, error,
                     .. environment, Program, "--root", Folder.Path("state"), "--log", Log, "--log-format", "json", .. arguments])
            start.ArgumentList.Add(word);
        return new Running(Process.Start(start)!, output, error, Patience);
    }

    /// <summary>A call that is to succeed; returns its output.</summary>
    public string Ok(params string[] arguments)
    {
        var answer = Call(arguments);
        Assert.True(answer.Code == 0, $"suite-oci {string.Join(' ', arguments)}: {answer.Code}: {answer.Error}");
        return answer.Output;
    }

    public void Create(Spec spec, string name = "one", params string[] options)
    {
        Write(spec, name);
        Ok(["create", "--bundle", Bundle, .. options, Id(name)]);
    }

    /// <summary>Creates and starts.</summary>
    public void Run(Spec spec, string name = "one")
    {
        Create(spec, name);
        Ok("start", Id(name));
    }

    public JsonElement State(string name = "one") => JsonDocument.Parse(Ok("state", Id(name))).RootElement;

    public string Status(string name = "one") => State(name).GetProperty("status").GetString()!;

    public void Await(string status, string name = "one") => Eventually(() => Status(name) == status, $"{Id(name)} is {Status(name)}, not {status}");

    public static void Eventually(Func<bool> condition, string otherwise)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, otherwise);
            Thread.Sleep(5);
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(Folder.Path("state")))
        {
            foreach (var id in Ok("list", "-q").Split('\n', StringSplitOptions.RemoveEmptyEntries))
                Call("delete", "--force", id);
        }

        Folder.Dispose();
        _leaks.Dispose();
    }
}

/// <summary>What a call of suite-oci came to.</summary>
internal sealed record Answer(int Code, string Output, string Error);

/// <summary>A call that has not ended.</summary>
internal sealed record Running(Process Process, string OutputPath, string ErrorPath, TimeSpan Patience)
{
    public string Output => File.Exists(OutputPath) ? File.ReadAllText(OutputPath) : "";

    public Answer Wait()
    {
        using (Process)
        {
            Assert.True(Process.WaitForExit(Patience), $"suite-oci did not end: {File.ReadAllText(ErrorPath)}");
            return new Answer(Process.ExitCode, Output, File.ReadAllText(ErrorPath));
        }
    }
}
