using Grpc.Core;
using Grpc.Net.Client;
using Suite.Linux.Errors;
using Suite.Registry.V1;
using Suite.Testing.Files;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Registry;

/// <summary>suite-registry alone, as a process that can be killed and started again on the same folders.</summary>
internal sealed class RegistryProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly string _folder;
    private readonly int _port = LoopbackPort.Free();
    private readonly string[] _settings;
    private ServiceProcess? _process;

    /// <param name="folder">For its state, socket and settings.</param>
    /// <param name="settings">KEY=VALUE beside the address. With a certificate it speaks HTTPS, and the test does not ask who vouches.</param>
    public RegistryProcess(string folder, params string[] settings)
    {
        _folder = folder;
        _settings = settings;
        var scheme = settings.Any(setting => setting.StartsWith("certificate=", StringComparison.Ordinal)) ? "https" : "http";
        var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        Http = new HttpClient(handler) { BaseAddress = new Uri($"{scheme}://127.0.0.1:{_port}"), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>As it stands in the name of an image.</summary>
    public string Host => $"127.0.0.1:{_port}";

    public string Run => Path.Combine(_folder, "run");

    public HttpClient Http { get; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _process = ServiceProcess.Start("registry", TestPaths.Executable("suite-registry"),
        [
            "--root", Path.Combine(_folder, "root"), "--run", Path.Combine(_folder, "run"), "--config", Path.Combine(_folder, "etc"),
            "--set", $"listen=127.0.0.1:{_port}", .. _settings.SelectMany(setting => (string[])["--set", setting]),
        ]);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        while (!await AnswersAsync(limit.Token))
            await Task.Delay(20, limit.Token);
    }

    public Task KillAsync(CancellationToken cancellationToken) => _process!.KillAsync(cancellationToken);

    /// <summary>What `verify` finds wrong, and how many blobs it saw.</summary>
    public async Task<(IReadOnlyList<string> Problems, ulong Blobs)> VerifyAsync(CancellationToken cancellationToken)
    {
        using var channel = UnixChannel.To(Path.Combine(_folder, "run", "registry.sock"));
        using var call = new Suite.Registry.V1.Registry.RegistryClient(channel).Verify(new VerifyRequest(), cancellationToken: cancellationToken);
        var problems = new List<string>();
        await foreach (var response in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (response.Summary is not null)
                return (problems, response.Summary.Blobs);
            problems.Add($"{response.Problem.Digest}: {response.Problem.Description}");
        }

        throw new SuiteException(ErrorKind.Internal, "verify ended without a summary");
    }

    public int Id => _process!.Id;

    /// <summary>How many descriptors lead to something with this in its name.</summary>
    public int OpenFiles(string part) => Directory.GetFiles($"/proc/{_process!.Id}/fd").Count(link =>
    {
        try
        {
            return new FileInfo(link).LinkTarget?.Contains(part, StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            return false; // closed meanwhile
        }
    });

    public async Task CollectGarbageAsync(ulong graceSeconds, CancellationToken cancellationToken)
    {
        using var channel = UnixChannel.To(Path.Combine(_folder, "run", "registry.sock"));
        using var call = new Suite.Registry.V1.Registry.RegistryClient(channel).CollectGarbage(
            new CollectGarbageRequest { GraceSeconds = graceSeconds }, cancellationToken: cancellationToken);
        await foreach (var _ in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            // What it tells is of no matter here, only that it runs to its end.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_process is null)
            return;
        if (!_process.HasExited)
            Assert.Equal(0, await _process.StopAsync());
        Assert.Empty(_process.Errors);
        await _process.DisposeAsync();
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        Assert.False(_process!.HasExited, string.Join('\n', _process.Log));
        try
        {
            using var response = await Http.GetAsync("/v2/", cancellationToken);
            return response.IsSuccessStatusCode || response.StatusCode == System.Net.HttpStatusCode.Unauthorized;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
