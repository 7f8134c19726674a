using Suite.Testing.Files;

namespace Suite.Testing.Requirements;

/// <summary>Whether this machine can run a test, and why not.</summary>
public static class Machine
{
    /// <summary>Nobody reads a skip's reason there: what cannot run fails.</summary>
    public static bool IsContinuousIntegration { get; } =
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The first need that is not met, as a sentence with its remedy; null when the test can run.</summary>
    public static string? WhyNot(Need needs)
    {
        if (needs.HasFlag(Need.Root) && Environment.UserName != "root")
            return "this test makes namespaces, mounts and cgroups: run it as root";
        if (needs.HasFlag(Need.Executables) && MissingExecutable() is { } missing)
            return $"{missing} is not built: run `make build`";
        if (needs.HasFlag(Need.Busybox) && BusyboxRootfs.Program is null)
            return "busybox-static is not installed: run `make deps`";
        if (needs.HasFlag(Need.Compiler) && !File.Exists("/usr/bin/gcc"))
            return "gcc is not installed: run `make deps`";
        return null;
    }

    private static string? MissingExecutable() =>
        new[] { "suite", "suite-runtime", "suite-image", "suite-network", "suite-registry", "suite-shim", "suite-oci" }
            .Select(TestPaths.Executable)
            .FirstOrDefault(path => !File.Exists(path));
}
