using System.Diagnostics;
using System.Net.Sockets;
using Suite.Linux.Errors;
using Suite.Testing.Files;
using Suite.Testing.Services;

namespace Suite.Bench.Registries;

/// <summary>A registry that is measured: its process, its port, its folder.</summary>
internal sealed class RegistryServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly TempFolder _folder;

    private RegistryServer(string name, int port, Process process, TempFolder folder)
    {
        (Name, Port, _process, _folder) = (name, port, process, folder);
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Name { get; }

    public int Port { get; }

    public static RegistryServer StartSuite()
    {
        var folder = new TempFolder("bench-registry");
        var port = LoopbackPort.Free();
        return Start("suite-registry", port, folder, TestPaths.Executable("suite-registry"),
        [
            "--root", folder.Path("root"), "--run", folder.Path("run"), "--config", folder.Path("etc"), "--set", $"listen=127.0.0.1:{port}", "--log-level", "warn",
        ]);
    }

    /// <summary>Debian's, with the settings that its package ships, but for address, folder, log and users.</summary>
    public static RegistryServer StartDocker()
    {
        var folder = new TempFolder("bench-registry");
        var port = LoopbackPort.Free();
        var config = folder.File("config.yml", $"""
            version: 0.1
            log: {"{"}level: error, accesslog: {"{"}disabled: true{"}"}{"}"}
            storage:
              cache: {"{"}blobdescriptor: inmemory{"}"}
              filesystem: {"{"}rootdirectory: {folder.Path("root")}{"}"}
              delete: {"{"}enabled: true{"}"}
            http: {"{"}addr: 127.0.0.1:{port}{"}"}
            """);
        return Start("docker-registry", port, folder, "/usr/bin/docker-registry", ["serve", config]);
    }

    /// <summary>KiB that it holds now, and that it held at the most since <see cref="ForgetPeak"/>.</summary>
    public (long Now, long Peak) Memory() => ProcessMemory.Of(_process.Id);

    public void ForgetPeak() => ProcessMemory.ForgetPeak(_process.Id);

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }

    private static RegistryServer Start(string name, int port, TempFolder folder, string program, IEnumerable<string> arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new SuiteException(ErrorKind.Internal, $"cannot start {program}");
        var server = new RegistryServer(name, port, process, folder);
        var began = Stopwatch.GetTimestamp();
        while (!Answers(port))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
                throw new SuiteException(ErrorKind.Unavailable, $"{name} does not listen on port {port}");
            Thread.Sleep(20);
        }

        return server;
    }

    private static bool Answers(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
