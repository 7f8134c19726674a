using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;
using Suite.Linux.Errors;
using Suite.Oci.Runtime;

namespace Suite.Runtime.Exec.Filters;

/// <summary>
/// Profiles as a container gets them. What RuntimeDefault is to CRI is <see cref="Default"/>; Localhost is <see cref="Load"/>;
/// Unconfined is no profile at all. Both go into <c>linux.seccomp</c> of a container and <c>ProcessOptions.Seccomp</c> of a
/// further process in it.
/// </summary>
public static class SeccompProfiles
{
    private const string Resource = "Suite.Runtime.Exec.Filters.default.json";

    // A profile is a few pages; what is larger is no profile.
    private const int MaxSize = 1 << 20;

    private static readonly Lazy<DockerProfile> s_default = new(ReadDefault);
    private static readonly ConcurrentDictionary<string, Seccomp> s_resolved = new();

    /// <summary>Suite's own profile, for a container with these capabilities in its bounding set.</summary>
    public static Seccomp Default(IReadOnlyCollection<string> capabilities)
    {
        // The capabilities of most containers of a node are the same, and so is then the profile.
        var key = string.Join(' ', capabilities.Order(StringComparer.Ordinal));
        if (s_resolved.Count > 64)
            s_resolved.Clear();
        return s_resolved.GetOrAdd(key, _ => ProfileConditions.Resolve(s_default.Value, capabilities, "the default profile"));
    }

    /// <summary>A profile from a file, in Docker's format or config.json's.</summary>
    /// <exception cref="SuiteException">NotFound: no such file; InvalidArgument: it is no profile, with the field and the reason.</exception>
    public static Seccomp Load(string path, IReadOnlyCollection<string> capabilities)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MaxSize)
                throw new SuiteException(ErrorKind.InvalidArgument, $"read the seccomp profile {path}: it has more than {MaxSize >> 20} MiB");
            var profile = JsonSerializer.Deserialize(file, DockerJson.Default.DockerProfile)
                ?? throw new SuiteException(ErrorKind.InvalidArgument, $"read the seccomp profile {path}: it is null");
            var resolved = ProfileConditions.Resolve(profile, capabilities, path);
            SeccompProfileCheck.Check(resolved, path);
            return resolved;
        }
        catch (JsonException failure)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"read the seccomp profile {path}: {failure.Message}");
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SuiteException(ErrorKind.NotFound, $"read the seccomp profile {path}: there is no such file");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"read the seccomp profile {path}: {failure.Message}");
        }
    }

    private static DockerProfile ReadDefault()
    {
        using var stream = typeof(SeccompProfiles).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize(stream, DockerJson.Default.DockerProfile)!;
    }
}
