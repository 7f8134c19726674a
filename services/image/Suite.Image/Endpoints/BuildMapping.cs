using Suite.Graph.V1;
using Suite.Image.Registries;
using Suite.Linux.Errors;
using Suite.Oci.References;
using BuildOptions = Suite.Image.Builds.BuildOptions;
using BuildOutput = Suite.Image.Builds.BuildOutput;
using Platform = Suite.Oci.Images.Platform;

namespace Suite.Image.Endpoints;

/// <summary>The options of a build, from its message.</summary>
internal static class BuildMapping
{
    private static readonly string[] Rights = ["network.host", "security.insecure"];

    public static BuildOptions ToOptions(Suite.Graph.V1.BuildOptions said)
    {
        var tags = said.Tags.Select(Reference.Parse).ToArray();
        if (tags.FirstOrDefault(t => t.Digest is not null) is { } bad)
            throw new SuiteException(ErrorKind.InvalidArgument, $"'{bad.Familiar}' has a digest: a new name cannot choose its digest.");
        if (said.Allow.Except(Rights).FirstOrDefault() is { } right)
            throw new SuiteException(ErrorKind.InvalidArgument, $"'{right}' is nothing that a build can be allowed: {string.Join(" and ", Rights)} are.");
        if (said.Network is not ("" or "default" or "none" or "host"))
            throw new SuiteException(ErrorKind.InvalidArgument, $"The network '{said.Network}' is not known to builds: default, none and host are.");
        var auths = said.Auths.ToArray();
        return new BuildOptions
        {
            Tags = tags,
            Dockerfile = said.Dockerfile.Length > 0 ? said.Dockerfile : "Dockerfile",
            Content = said.DockerfileContent.IsEmpty ? null : said.DockerfileContent.ToByteArray(),
            Args = new Dictionary<string, string>(said.BuildArgs),
            Labels = new Dictionary<string, string>(said.Labels),
            Target = said.Target,
            NoCache = said.NoCache,
            Pull = said.Pull,
            Platforms = PlatformsOf(said.Platform),
            Secrets = said.Secrets.ToDictionary(s => s.Key, s => s.Value.Value.ToByteArray()),
            Credentials = (reference, called) => CredentialsFor(auths, reference, called),
            Allowed = [.. said.Allow],
            ExtraHosts = [.. said.ExtraHosts],
            Network = said.Network.Length > 0 ? said.Network : "default",
            Ignored = [.. said.Ignored],
            Output = said.Output switch
            {
                BuildOutputKind.Image => BuildOutput.Image,
                BuildOutputKind.Oci => BuildOutput.Oci,
                BuildOutputKind.Docker => BuildOutput.Docker,
                BuildOutputKind.Tree => BuildOutput.Tree,
                BuildOutputKind.None => BuildOutput.None,
                BuildOutputKind.Check => BuildOutput.Check,
                _ => throw new SuiteException(ErrorKind.InvalidArgument, $"The output {said.Output} is not known."),
            },
            Push = said.Push,
        };
    }

    private static IReadOnlyList<Platform> PlatformsOf(string text) =>
        text.Length == 0 ? [Platform.Current] : [.. text.Split(',').Select(p => Same(Platform.Parse(p.Trim()))).DistinctBy(p => p.ToString())];

    /// <summary>linux/arm64 and linux/arm64/v8 are one.</summary>
    private static Platform Same(Platform said) => said is { Architecture: "arm64", Variant: null } ? said with { Variant = "v8" } : said;

    private static Credentials CredentialsFor(RegistryAuth[] auths, Reference reference, string called) =>
        GraphMapping.ToCredentials(auths.FirstOrDefault(a => a.Host == reference.Host) ?? auths.FirstOrDefault(a => a.Host.Length == 0), reference, called);
}
