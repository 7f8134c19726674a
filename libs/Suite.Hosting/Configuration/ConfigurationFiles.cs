using Microsoft.Extensions.Configuration;
using Suite.Hosting.Flags;
using Suite.Linux.Errors;

namespace Suite.Hosting.Configuration;

/// <summary>
/// A service's settings: CONFIG/SERVICE.json, then each CONFIG/conf.d/*.json in the order of names, then the environment, then flags.
/// A drop-in serves all services, so each reads the section with its own name there.
/// </summary>
internal static class ConfigurationFiles
{
    public static void AddTo(IConfigurationBuilder builder, string service, HostFlags flags)
    {
        // Streams, not AddJsonFile: that brings a file provider and, for reloads, an inotify watch.
        var own = Path.Combine(flags.Paths.Config, service + ".json");
        if (File.Exists(own))
            builder.AddInMemoryCollection(Read(own).AsEnumerable());

        var dropIns = Path.Combine(flags.Paths.Config, "conf.d");
        if (Directory.Exists(dropIns))
        {
            foreach (var file in Directory.GetFiles(dropIns, "*.json").Order(StringComparer.Ordinal))
                builder.AddInMemoryCollection(Read(file).GetSection(service).AsEnumerable(makePathsRelative: true));
        }

        builder.AddEnvironmentVariables($"SUITE_{service.ToUpperInvariant()}_");
        builder.AddInMemoryCollection(flags.Settings);
    }

    private static IConfigurationRoot Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return new ConfigurationBuilder().AddJsonStream(stream).Build();
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"{file} is not valid JSON: {(e.InnerException ?? e).Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException(ErrorKind.PermissionDenied, $"cannot read {file}: {e.Message}", e);
        }
    }
}
