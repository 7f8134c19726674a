using Suite.Linux.Errors;
using Suite.Runtime.CdiDevices;
using Suite.Runtime.Containers;
using Suite.Runtime.Pods;
using Cri = Runtime.V1;

namespace Suite.Runtime.Mapping;

/// <summary>CRI's words for a container, into ours.</summary>
internal static class ContainerMapping
{
    public static ContainerConfig ToDomain(this Cri.ContainerConfig? config)
    {
        if (config is null)
            throw Invalid("config: is missing");
        if (config.Metadata is not { } metadata || metadata.Name.Length == 0)
            throw Invalid("config.metadata.name: must not be empty");
        var image = config.Image?.Image ?? "";
        if (image.Length == 0)
            throw Invalid("config.image.image: must not be empty");
        var security = config.Linux?.SecurityContext;
        return new ContainerConfig
        {
            Name = metadata.Name,
            Attempt = metadata.Attempt,
            Image = image,
            UserSpecifiedImage = config.Image!.UserSpecifiedImage,
            Command = [.. config.Command],
            Args = [.. config.Args],
            WorkingDirectory = config.WorkingDir,
            Environment = [.. config.Envs.Select((variable, i) => Variable(variable, $"config.envs[{i}]"))],
            Mounts = [.. config.Mounts.Select((mount, i) => MountMapping.ToDomain(mount, $"config.mounts[{i}]", security?.Privileged ?? false))],
            Devices = [.. config.Devices.Select((device, i) => ToDomain(device, $"config.devices[{i}]"))],
            CdiDevices = [.. config.CDIDevices.Select((device, i) => CdiName.Parse(device.Name, $"config.CDI_devices[{i}].name").ToString())],
            Labels = config.Labels.ToDomain(),
            Annotations = config.Annotations.ToDomain(),
            LogPath = LogPath(config.LogPath),
            Stdin = config.Stdin,
            StdinOnce = config.StdinOnce,
            Tty = config.Tty,
            StopSignal = config.StopSignal.ToNumber(),
            Resources = config.Linux?.Resources?.ToDomain("config.linux.resources") ?? ContainerResources.None,
            Security = security is null ? ContainerSecurity.Default : SecurityMapping.ToDomain(security),
        };
    }

    /// <summary>kubelet owns the folder, the container names a file in it: a name that leaves it would write over the host's files.</summary>
    private static string LogPath(string path)
    {
        if (path.Length > 0 && (Path.IsPathRooted(path) || path.Split('/').Contains("..")))
            throw Invalid($"config.log_path: {path} leaves the pod's log folder");
        return path;
    }

    // The wire has bytes. Others than UTF-8 are refused, as config.json has no way to say them either.
    private static string Variable(Cri.KeyValue variable, string field)
    {
        if (variable.Key.Length == 0 || variable.Key.AsSpan().ContainsAny('=', '\0'))
            throw Invalid($"{field}.key: \"{variable.Key}\" is no name of a variable");
        if (!System.Text.Unicode.Utf8.IsValid(variable.Value.Span) || variable.Value.Span.Contains((byte)0))
            throw Invalid($"{field}.value: the value of {variable.Key} is not UTF-8, or holds a zero byte");
        return $"{variable.Key}={variable.Value.ToStringUtf8()}";
    }

    private static HostDevice ToDomain(Cri.Device device, string field)
    {
        if (device.Permissions.Length == 0 || device.Permissions.Any(c => c is not ('r' or 'w' or 'm')))
            throw Invalid($"{field}.permissions: {device.Permissions} is not a selection of r, w and m");
        return new HostDevice(
            device.HostPath,
            device.ContainerPath.Length > 0 ? device.ContainerPath : device.HostPath,
            device.Permissions);
    }

    private static SuiteException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}
