using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Syntax;

/// <summary>--mount type=volume|bind|tmpfs,…; --tmpfs; --device</summary>
internal static class MountSyntax
{
    public static void Add(ContainerSpec spec, string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in text.Split(','))
        {
            var (name, value) = field.Split('=', 2) is [var left, var right] ? (left, right) : (field, "true");
            fields[name switch { "src" => "source", "dst" or "destination" => "target", "ro" => "readonly", _ => name }] = value;
        }

        var type = Take("type") ?? "volume";
        var target = Take("target") ?? throw Wrong(text, "target is missing");
        if (type == "tmpfs")
        {
            var options = new List<string>();
            if (Take("tmpfs-size") is { } size)
                options.Add($"size={QuantitySyntax.Bytes("--mount tmpfs-size", size)}");
            if (Take("tmpfs-mode") is { } mode)
                options.Add($"mode={mode}");
            spec.Tmpfs.Add(new TmpfsMount { Target = target, Options = { options } });
        }
        else if (type is "bind" or "volume")
        {
            var source = Take("source") ?? "";
            if (type == "bind" && source.Length == 0)
                throw Wrong(text, "source is missing");
            if (type == "volume" && source.Contains('/'))
                throw Wrong(text, $"\"{source}\" is not a volume's name");
            var mount = new BindMount
            {
                Source = type == "bind" ? Path.GetFullPath(source) : source,
                Target = target,
                ReadOnly = Take("readonly") is "true" or "1",
                Propagation = Take("bind-propagation") ?? "",
                NoCopy = Take("volume-nocopy") is "true" or "1",
            };
            if (type == "bind" && !Path.Exists(mount.Source))
                throw Wrong(text, $"there is no {mount.Source} on this machine");
            spec.Mounts.Add(mount);
        }
        else
            throw Wrong(text, $"\"{type}\" is none of bind, volume, tmpfs");

        if (fields.Keys.FirstOrDefault() is { } unknown)
            throw Wrong(text, $"there is no field \"{unknown}\" for type {type}");

        string? Take(string name) => fields.Remove(name, out var value) ? value : null;
    }

    /// <summary>/THERE[:OPTIONS]</summary>
    public static TmpfsMount Tmpfs(string text)
    {
        var colon = text.IndexOf(':');
        return colon < 0
            ? new TmpfsMount { Target = text }
            : new TmpfsMount { Target = text[..colon], Options = { text[(colon + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries) } };
    }

    /// <summary>/HERE[:/THERE[:rwm]]</summary>
    public static DeviceMount Device(string text) => text.Split(':') switch
    {
        [var path] => new DeviceMount { HostPath = path },
        [var here, ['/', ..] there] => new DeviceMount { HostPath = here, ContainerPath = there },
        [var path, var permissions] => new DeviceMount { HostPath = path, Permissions = permissions },
        [var here, var there, var permissions] => new DeviceMount { HostPath = here, ContainerPath = there, Permissions = permissions },
        _ => throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use --device \"{text}\": write /HERE[:/THERE[:rwm]]"),
    };

    private static SuiteException Wrong(string text, string reason) =>
        new(ErrorKind.InvalidArgument, $"cannot use --mount \"{text}\": {reason}; write for example type=volume,source=data,target=/data");
}
