using Suite.Testing.Services;

namespace Suite.Bench.Endpoints;

/// <summary>Suite's own four services, from out/bin, on folders of their own.</summary>
internal sealed class SuiteEndpoint : Endpoint
{
    private readonly SuiteInstance _instance;

    private SuiteEndpoint(SuiteInstance instance)
        : base("suite", Path.Combine(instance.Run, "runtime.sock"), instance.Registry)
    {
        _instance = instance;
    }

    public static async Task<SuiteEndpoint> StartAsync() =>
        new(await SuiteInstance.StartAsync(InstanceName.Of("suite-bench"), new Dictionary<string, string> { ["SUITE_LOG_LEVEL"] = LogLevel }));

    // The services are told where the instance's run folder is; the shims, spare ones too, are children of suite-runtime.
    public override IEnumerable<int> Processes()
    {
        var services = ProcessTable.Where(line =>
            IsNamed(line, "suite-") && line.Any(argument => argument.Contains(_instance.Name, StringComparison.Ordinal))).ToArray();
        return [.. services, .. ProcessTable.Children(services).Where(id => IsNamed(ProcessTable.CommandLine(id), "suite-shim"))];
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _instance.DisposeAsync();
    }

    private static bool IsNamed(string[] commandLine, string start) =>
        Path.GetFileName(commandLine[0]).StartsWith(start, StringComparison.Ordinal);
}
