using System.Text.Json;
using Suite.Linux.Errors;
using Suite.Oci.Runtime;
using Suite.Oci.Runtime.Reading;

namespace Suite.Runtime.Oci.Containers;

/// <summary>A folder with a config.json, whose relative paths are taken from it (config.md, root and mounts).</summary>
/// <param name="Spec">Without linux.seccomp.</param>
/// <param name="Seccomp">That, as it is written; empty: there is none.</param>
internal sealed record Bundle(string Path, byte[] Json, Spec Spec, byte[] Seccomp)
{
    private const int MaxBytes = 16 << 20;

    public static Bundle Read(string path)
    {
        var folder = System.IO.Path.GetFullPath(path);
        var file = $"{folder}/config.json";
        try
        {
            var json = File.ReadAllBytes(file);
            if (json.Length > MaxBytes)
                throw new SuiteException(ErrorKind.InvalidArgument, $"read {file}: it has {json.Length} bytes, {MaxBytes} are the limit");
            return new Bundle(folder, json, RuntimeReader.ReadSpec(json, out var seccomp), seccomp);
        }
        catch (JsonException wrong)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"read {file}: {(wrong.Path is { Length: > 2 } at ? $"{at[2..]}: " : "")}{wrong.Message}", wrong);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException(ErrorKind.NotFound, $"read the bundle {folder}: {missing.Message}", missing);
        }
    }

    /// <summary>The configuration with every path made absolute, and a cgroup of its own if it names none.</summary>
    public Spec Resolve(string id) => Spec with
    {
        Root = Spec.Root is null ? null : Spec.Root with { Path = Absolute(Spec.Root.Path) },
        Mounts = Spec.Mounts?.Select(mount => IsBind(mount) && mount.Source is { } source ? mount with { Source = Absolute(source) } : mount).ToList(),
        Linux = (Spec.Linux ?? new LinuxSpec()) with { CgroupsPath = CgroupPath(id) },
    };

    // The runtime decides where a relative path begins (config-linux.md, cgroupsPath): at the root of the hierarchies.
    private string CgroupPath(string id)
    {
        var path = Spec.Linux?.CgroupsPath;
        return string.IsNullOrEmpty(path) ? $"/suite-oci/{id}" : path[0] == '/' ? path : $"/{path}";
    }

    private static bool IsBind(Mount mount) => mount.Type == "bind" || (mount.Options ?? []).Any(option => option is "bind" or "rbind");

    private string Absolute(string path) => path.Length == 0 ? path : System.IO.Path.GetFullPath(path, Path);
}
