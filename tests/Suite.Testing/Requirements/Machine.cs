using Suite.Linux.Errors;
using Suite.Testing.Files;

namespace Suite.Testing.Requirements;

/// <summary>Whether this machine can run a test, and why not.</summary>
public static class Machine
{
    private static readonly bool IsContinuousIntegration =
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Why a test is skipped here; null when it can run, and always in CI: nobody reads a reason there, so it is to fail.</summary>
    public static string? SkipReason(Need needs) => IsContinuousIntegration ? null : WhyNot(needs);

    /// <summary>Fails a test that cannot run here.</summary>
    /// <exception cref="SuiteException">A need that is not met, and its remedy.</exception>
    public static void Require(Need needs)
    {
        if (WhyNot(needs) is { } reason)
            throw new SuiteException(ErrorKind.FailedPrecondition, reason);
    }

    /// <summary>The first need that is not met, as a sentence with its remedy; null when the test can run.</summary>
    private static string? WhyNot(Need needs)
    {
        if (needs.HasFlag(Need.Root) && Environment.UserName != "root")
            return "this test makes namespaces, mounts and cgroups: run it as root";
        if (needs.HasFlag(Need.Executables) && MissingExecutable() is { } missing)
            return $"{missing} is not built: run `make build`";
        if (needs.HasFlag(Need.Busybox) && BusyboxRootfs.Program is null)
            return "busybox-static is not installed: run `make test-deps`";
        if (needs.HasFlag(Need.Compiler) && !File.Exists("/usr/bin/gcc"))
            return "gcc is not installed: run `make test-deps`";
        if (needs.HasFlag(Need.Browser) && !File.Exists("/usr/bin/chromium"))
            return "chromium is not installed: run `make test-deps`";
        if (needs.HasFlag(Need.ContainerTools) && new[] { "skopeo", "podman", "buildah" }.FirstOrDefault(tool => !File.Exists("/usr/bin/" + tool)) is { } tool)
            return $"{tool} is not installed: run `make test-deps`";
        if (needs.HasFlag(Need.Containerd) && !File.Exists("/usr/bin/containerd"))
            return "containerd is not installed: run `make test-deps`";
        if (needs.HasFlag(Need.CniPlugins) && !(File.Exists("/usr/lib/cni/bridge") && File.Exists("/usr/sbin/iptables")))
            return "containernetworking-plugins and iptables are not installed: run `make test-deps`";
        if (needs.HasFlag(Need.Git) && !(File.Exists("/usr/lib/git-core/git-daemon") && File.Exists("/usr/bin/ssh-agent")))
            return "git and openssh-client are not installed: run `make test-deps`";
        if (needs.HasFlag(Need.Shells) && !(File.Exists("/usr/bin/zsh") && File.Exists("/usr/bin/fish")))
            return "zsh and fish are not installed: run `make test-deps`";
        if (needs.HasFlag(Need.OciRuntimes) && !(File.Exists("/usr/sbin/runc") && File.Exists("/usr/bin/crun")))
            return "runc and crun are not installed: run `make test-deps`";
        return null;
    }

    private static string? MissingExecutable() =>
        new[] { "suite", "suite-node", "suite-runtime", "suite-image", "suite-network", "suite-registry", "suite-shim", "suite-oci" }
            .Select(TestPaths.Executable)
            .FirstOrDefault(path => !File.Exists(path));
}
