using System.Collections.Concurrent;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Exec.Bundles;
using Suite.Runtime.Pods;

namespace Suite.Runtime.Handlers;

/// <summary>
/// The runtimes that a pod can ask for: our own by the empty name, others by those of the configuration. A pod keeps the one that
/// it was made with, whatever becomes of the configuration.
/// </summary>
internal sealed class RuntimeHandlers(RuntimeOptions options, PodPlaces places, AskFeatures ask)
{
    private readonly ConcurrentDictionary<string, (DateTime Changed, Task<HandlerFeatures> Features)> _features = new();

    public IEnumerable<string> Names => options.Handlers.Keys.Order(StringComparer.Ordinal);

    /// <summary>Refuses a configuration that no pod could be run with.</summary>
    public void Check()
    {
        foreach (var (name, handler) in options.Handlers)
        {
            // The name becomes a folder, and in Kubernetes it is a DNS label (RuntimeClass.handler).
            if (name.Length is 0 or > 63 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
                throw Invalid($"handlers.{name}: a name has letters, digits, '-' and '_', 63 at most");
            if (!Path.IsPathRooted(handler.Path))
                throw Invalid($"handlers.{name}.path: \"{handler.Path}\" is not the absolute path of a program");
            if (handler.Root.Length > 0 && !Path.IsPathRooted(handler.Root))
                throw Invalid($"handlers.{name}.root: \"{handler.Root}\" is not an absolute path");
        }
    }

    /// <returns>Null for our own.</returns>
    /// <exception cref="SuiteException">InvalidArgument: there is none of that name; FailedPrecondition: its program is missing.</exception>
    public OciRuntime? Find(string name)
    {
        if (name.Length == 0)
            return null;
        if (!options.Handlers.TryGetValue(name, out var handler))
            throw Invalid($"runtime_handler: {name} is not configured; there is the empty name{string.Concat(Names.Select(known => $", {known}"))}");
        if (!File.Exists(handler.Path))
            throw new SuiteException(ErrorKind.FailedPrecondition, $"runtime_handler: {name} is {handler.Path}, which is not on this machine; install it, or mend handlers.{name}.path in runtime.json");
        return new OciRuntime { Path = handler.Path, Root = handler.Root.Length > 0 ? handler.Root : Path.Combine(places.HandlersDirectory, name), Options = handler.Options };
    }

    /// <summary>What the program says that it can do; asked again when the file is another.</summary>
    public Task<HandlerFeatures> FeaturesOf(OciRuntime? runtime)
    {
        if (runtime is null)
            return Task.FromResult(HandlerFeatures.Native);
        var changed = File.GetLastWriteTimeUtc(runtime.Path);
        if (_features.TryGetValue(runtime.Path, out var known) && known.Changed == changed)
            return known.Features;
        var asked = ask.AskAsync(runtime);
        _features[runtime.Path] = (changed, asked);
        return asked;
    }

    /// <inheritdoc cref="FeaturesOf(OciRuntime?)"/>
    /// <remarks>Of one whose program is missing: none.</remarks>
    public Task<HandlerFeatures> FeaturesOf(string name)
    {
        try
        {
            return FeaturesOf(Find(name));
        }
        catch (SuiteException)
        {
            return Task.FromResult(HandlerFeatures.None);
        }
    }

    /// <summary>Refuses what the pod's runtime cannot do, rather than making a pod without it.</summary>
    public async Task RequireAsync(PodConfig config, string name, OciRuntime? runtime)
    {
        if (runtime is not null && config.Users is not null && !(await FeaturesOf(runtime).ConfigureAwait(false)).UserNamespaces)
            throw Invalid($"config.linux.security_context.namespace_options.userns_options: the runtime handler {name} does not say that it can map the owners of files (\"{runtime.Path} features\": linux.mountExtensions.idmap)");
    }

    /// <inheritdoc cref="RequireAsync(PodConfig, string, OciRuntime?)"/>
    public async Task RequireAsync(ContainerConfig config, Pod pod)
    {
        if (pod.Runtime is not { } runtime || !config.Mounts.Any(mount => mount.RecursiveReadOnly))
            return;
        if (!(await FeaturesOf(runtime).ConfigureAwait(false)).RecursiveReadOnlyMounts)
            throw Invalid($"config.mounts.recursive_read_only: the runtime handler {pod.RuntimeHandler} does not say that it can do it (\"{runtime.Path} features\": mountOptions has no rro)");
    }

    private static SuiteException Invalid(string sentence) => new(ErrorKind.InvalidArgument, sentence);
}
