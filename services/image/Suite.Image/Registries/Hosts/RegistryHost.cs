namespace Suite.Image.Registries.Hosts;

/// <summary>One address that serves a registry's content: the registry itself or a mirror.</summary>
/// <param name="Base">Ends with a slash; repositories are below it. Usually …/v2/.</param>
/// <param name="Headers">Sent with every request to it.</param>
/// <param name="IsMirror">It gets no credentials of the registry, and is told which registry is meant (<c>?ns=</c>).</param>
internal sealed record RegistryHost(
    Uri Base, HostCapabilities Can, TlsSettings Tls, IReadOnlyList<KeyValuePair<string, string>> Headers, bool IsMirror)
{
    public bool Allows(HostCapabilities what) => (Can & what) == what;
}
