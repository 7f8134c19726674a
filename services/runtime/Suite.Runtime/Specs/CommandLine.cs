using Suite.Linux.Errors;
using Suite.Runtime.Containers;

namespace Suite.Runtime.Specs;

/// <summary>What a container runs and in which environment: the caller's words merged with the image's.</summary>
internal static class CommandLine
{
    /// <summary>The search path of an image that names none; runc, Docker and containerd all agree on it.</summary>
    public const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>
    /// As Kubernetes says (tasks/inject-data-application/define-command-argument-container): a command replaces the entrypoint
    /// and silences the image's command; arguments alone replace the image's command.
    /// </summary>
    public static IReadOnlyList<string> Merge(ContainerConfig config, ImageDefaults image)
    {
        var entrypoint = config.Command.Count > 0 ? config.Command : image.Entrypoint;
        var arguments = config.Args.Count > 0 || config.Command.Count > 0 ? config.Args : image.Command;
        if (entrypoint.Count + arguments.Count == 0)
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot make container {config.Name}: neither the request nor the image {config.Image} says what to run; give a command");
        return [.. entrypoint, .. arguments];
    }

    /// <summary>The image's variables with the caller's over them, in the order in which each was first named.</summary>
    public static IReadOnlyList<string> Environment(ContainerConfig config, ImageDefaults image, string hostname, string home)
    {
        var merged = new List<string>();
        var places = new Dictionary<string, int>();
        foreach (var variable in (IEnumerable<string>)[DefaultPath, .. image.Environment, .. config.Environment])
        {
            var name = NameOf(variable);
            if (places.TryGetValue(name, out var place))
                merged[place] = variable;
            else
            {
                places[name] = merged.Count;
                merged.Add(variable);
            }
        }
        if (hostname.Length > 0 && places.TryAdd("HOSTNAME", 0))
            merged.Add($"HOSTNAME={hostname}");
        if (config.Tty && places.TryAdd("TERM", 0))
            merged.Add("TERM=xterm");
        if (places.TryAdd("HOME", 0))
            merged.Add($"HOME={home}");
        return merged;
    }

    private static string NameOf(string variable) => variable.IndexOf('=') is var end and >= 0 ? variable[..end] : variable;
}
