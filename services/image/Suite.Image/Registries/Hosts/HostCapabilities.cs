namespace Suite.Image.Registries.Hosts;

/// <summary>What a host may be asked for: content by its digest, what a tag means, uploads. A mirror is often not trusted with tags.</summary>
[Flags]
internal enum HostCapabilities
{
    None = 0,
    Pull = 1,
    Resolve = 2,
    Push = 4,
    All = Pull | Resolve | Push,
}
