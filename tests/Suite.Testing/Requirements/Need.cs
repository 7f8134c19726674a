namespace Suite.Testing.Requirements;

/// <summary>What a test needs of the machine beside .NET.</summary>
[Flags]
public enum Need
{
    None = 0,

    /// <summary>User id 0 and the right to mount and to make namespaces.</summary>
    Root = 1,

    /// <summary>The published executables in out/bin.</summary>
    Executables = 2,

    /// <summary>busybox-static, which images are made of.</summary>
    Busybox = 4,

    /// <summary>gcc, which checks constants and layouts against the C headers.</summary>
    Compiler = 8,

    /// <summary>Debian's chromium, headless.</summary>
    Browser = 16,

    /// <summary>skopeo, podman and buildah, which others use registries with.</summary>
    ContainerTools = 32,

    /// <summary>Debian's containerd, with its ctr.</summary>
    Containerd = 1024,

    /// <summary>Debian's containernetworking-plugins, and iptables, which they call.</summary>
    CniPlugins = 64,

    /// <summary>zsh and fish, beside bash.</summary>
    Shells = 2048,

    /// <summary>Debian's runc and crun.</summary>
    OciRuntimes = 4096,

    /// <summary>git with its daemon, and OpenSSH's programs for keys and agents.</summary>
    Git = 8192,
}
