using Suite.Container.V1;
using Suite.Linux.Errors;
using Suite.Runtime.Names;
using Suite.Runtime.Pods;
using Suite.Runtime.Solo;
using Suite.Runtime.Volumes;
using BindMount = Suite.Runtime.Containers.BindMount;
using PortMapping = Suite.Runtime.Pods.PortMapping;
using Propagation = Suite.Runtime.Containers.Propagation;

namespace Suite.Runtime.Mapping;

/// <summary>suite.container.v1's words for a container, into ours and back.</summary>
internal static class SoloMapping
{
    private const int LongestName = 128;

    public static SoloSpec ToDomain(this ContainerSpec? spec)
    {
        if (spec is null)
            throw Invalid("spec: is missing");
        if (spec.Image.Length == 0)
            throw Invalid("spec.image: must not be empty");
        return new SoloSpec
        {
            Name = NameOf(spec.Name, "spec.name"),
            Image = spec.Image,
            Entrypoint = spec.EntrypointSet ? [.. spec.Entrypoint] : null,
            Command = [.. spec.Command],
            Environment = [.. spec.Env.Select((variable, i) => Variable(variable, $"spec.env[{i}]"))],
            WorkingDirectory = spec.WorkingDir,
            User = spec.User,
            Hostname = Checked.Hostname(spec.Hostname, "spec.hostname"),
            Labels = spec.Labels.ToDomain(),
            Tty = spec.Tty,
            Stdin = spec.Stdin,
            Networks = [.. spec.Networks],
            Ports = [.. spec.Ports.Select((port, i) => ToDomain(port, $"spec.ports[{i}]"))],
            Mounts = [.. spec.Mounts.Select((mount, i) => ToDomain(mount, $"spec.mounts[{i}]"))],
            MemoryBytes = NotNegative(spec.Resources?.MemoryBytes ?? 0, "spec.resources.memory_bytes"),
            NanoCpus = NotNegative(spec.Resources?.NanoCpus ?? 0, "spec.resources.nano_cpus"),
            PidsLimit = NotNegative(spec.Resources?.Pids ?? 0, "spec.resources.pids"),
            ReadOnlyRootfs = spec.ReadOnlyRootfs,
            Privileged = spec.Privileged,
            AddCapabilities = [.. spec.CapAdd],
            DropCapabilities = [.. spec.CapDrop],
            StopSignal = spec.StopSignal,
            AutoRemove = spec.AutoRemove,
            Restart = SoloOptions.Restart(spec.Restart, spec.AutoRemove),
            Tmpfs = [.. spec.Tmpfs.Select((mount, i) => SoloOptions.ToDomain(mount, $"spec.tmpfs[{i}]"))],
            Ulimits = [.. spec.Ulimits.Select((limit, i) => SoloOptions.ToDomain(limit, $"spec.ulimits[{i}]"))],
            Sysctls = spec.Sysctls.ToDomain(),
            AllowNewPrivileges = spec.AllowNewPrivileges,
            HostPid = spec.PidMode == SoloNamespaces.Host,
            PidsOf = SoloNamespaces.PidsOf(spec.PidMode),
            HostIpc = spec.IpcMode == SoloNamespaces.Host,
            IpcOf = SoloNamespaces.Other(spec.IpcMode),
            Ipc = SoloNamespaces.Ipc(spec.IpcMode),
            Dns = SoloOptions.Dns(spec),
            ExtraHosts = [.. spec.ExtraHosts.Select((line, i) => SoloOptions.Host(line, $"spec.extra_hosts[{i}]"))],
            Links = [.. spec.Links.Select((link, i) => SoloOptions.ToDomain(link, $"spec.links[{i}]"))],
            Aliases = [.. spec.NetworkAliases],
            Address = SoloOptions.Address(spec.Address, "spec.address"),
            Devices = [.. spec.Devices.Select((device, i) => SoloOptions.ToDomain(device, $"spec.devices[{i}]"))],
            Groups = [.. spec.Groups.Where(SoloOptions.IsNumber).Select((group, i) => SoloOptions.Group(group, $"spec.groups[{i}]"))],
            GroupNames = [.. spec.Groups.Where(group => !SoloOptions.IsNumber(group))],
            SharedMemoryBytes = NotNegative(spec.ShmBytes, "spec.shm_bytes"),
            StopTimeout = spec.HasStopTimeout ? spec.StopTimeout : null,
            OomScoreAdjust = spec.HasOomScoreAdj ? spec.OomScoreAdj : null,
            CpuShares = NotNegative(spec.Resources?.CpuShares ?? 0, "spec.resources.cpu_shares"),
            CpusetCpus = spec.Resources?.CpusetCpus ?? "",
            CpusetMems = spec.Resources?.CpusetMems ?? "",
            MemorySwapBytes = spec.Resources?.MemorySwapBytes ?? 0,
            Health = SoloOptions.Health(spec.Health),
            Init = SoloSecurity.Init(spec),
            Seccomp = SoloSecurity.Seccomp(spec.Seccomp),
            AppArmor = SoloSecurity.AppArmor(spec.Apparmor),
            SelinuxLabel = SoloSecurity.SelinuxLabel(spec.SelinuxLabel),
            UnmaskedPaths = spec.UnmaskedPaths,
            PublishAll = spec.PublishAll,
            ExposedPorts = [.. spec.ExposedPorts.Select((port, i) => SoloSecurity.Exposed(port, $"spec.exposed_ports[{i}]"))],
            PrivateUsers = SoloSecurity.IsPrivate(spec),
        };
    }

    public static ContainerSpec ToMessage(this SoloSpec spec)
    {
        var message = new ContainerSpec
        {
            Name = spec.Name,
            Image = spec.Image,
            EntrypointSet = spec.Entrypoint is not null,
            WorkingDir = spec.WorkingDirectory,
            User = spec.User,
            Hostname = spec.Hostname,
            Tty = spec.Tty,
            Stdin = spec.Stdin,
            Resources = new Resources { MemoryBytes = spec.MemoryBytes, NanoCpus = spec.NanoCpus, Pids = spec.PidsLimit, MemorySwapBytes = spec.MemorySwapBytes, CpuShares = spec.CpuShares, CpusetCpus = spec.CpusetCpus, CpusetMems = spec.CpusetMems },
            ReadOnlyRootfs = spec.ReadOnlyRootfs,
            Privileged = spec.Privileged,
            StopSignal = spec.StopSignal,
            AutoRemove = spec.AutoRemove,
        };
        message.Entrypoint.AddRange(spec.Entrypoint ?? []);
        message.Command.AddRange(spec.Command);
        message.Env.AddRange(spec.Environment);
        message.Labels.Fill(spec.Labels);
        message.Networks.AddRange(spec.Networks);
        message.Ports.AddRange(spec.Ports.Select(ToMessage));
        message.Mounts.AddRange(spec.Mounts.Select(mount => new Container.V1.BindMount { Source = mount.Volume.Length > 0 ? mount.Volume : mount.HostPath, Target = mount.ContainerPath, ReadOnly = mount.ReadOnly }));
        message.CapAdd.AddRange(spec.AddCapabilities);
        message.CapDrop.AddRange(spec.DropCapabilities);
        SoloOptions.Fill(message, spec);
        return message;
    }

    public static Container.V1.PortMapping ToMessage(this PortMapping port) => new()
    {
        Protocol = port.Protocol switch { PortProtocol.Udp => "udp", PortProtocol.Sctp => "sctp", _ => "tcp" },
        ContainerPort = port.ContainerPort,
        HostPort = port.HostPort,
        HostIp = port.HostIp,
    };

    // As Docker's: the first character tells a name from a flag, the others from a path.
    public static string NameOf(string name, string field)
    {
        // As Docker prints it, and takes it back.
        if (name is ['/', .. { Length: > 0 } bare])
            name = bare;
        var valid = name.Length <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-') && (name.Length == 0 || char.IsAsciiLetterOrDigit(name[0]));
        return valid ? name : throw Invalid($"{field}: {name} is not a name: letters, digits, '_', '.' and '-', {LongestName} at most, a letter or digit first");
    }

    // A value may be a secret, so the error has the name alone.
    public static string Variable(string variable, string field) =>
        variable.IndexOf('=') > 0 ? variable : throw Invalid($"{field}: \"{variable.Split('=')[0]}\" is not of the form NAME=value");

    private static PortMapping ToDomain(Container.V1.PortMapping port, string field)
    {
        if (port.ContainerPort is 0 or > 65535)
            throw Invalid($"{field}.container_port: {port.ContainerPort} is not between 1 and 65535");
        if (port.HostPort > 65535)
            throw Invalid($"{field}.host_port: {port.HostPort} is not between 0 and 65535");
        var protocol = port.Protocol switch
        {
            "" or "tcp" => PortProtocol.Tcp,
            "udp" => PortProtocol.Udp,
            "sctp" => PortProtocol.Sctp,
            _ => throw Invalid($"{field}.protocol: {port.Protocol} is none of tcp, udp, sctp"),
        };
        return new PortMapping(protocol, port.ContainerPort, port.HostPort, port.HostIp);
    }

    private static BindMount ToDomain(Container.V1.BindMount mount, string field)
    {
        if (!Path.IsPathRooted(mount.Target))
            throw Invalid($"{field}.target: {mount.Target} is not an absolute path");
        var propagation = mount.Propagation switch
        {
            "" or "rprivate" or "private" => Propagation.Private,
            "rslave" or "slave" => Propagation.HostToContainer,
            "rshared" or "shared" => Propagation.Bidirectional,
            _ => throw Invalid($"{field}.propagation: {mount.Propagation} is none of rprivate, rslave, rshared"),
        };
        if (Path.IsPathRooted(mount.Source))
            return new BindMount(mount.Source, mount.Target, mount.ReadOnly) { Propagation = propagation };
        // A volume: its folder is known when it is made.
        var name = mount.Source.Length == 0 ? IdGenerator.New() : VolumeNames.Check(mount.Source, $"{field}.source");
        return new BindMount("", mount.Target, mount.ReadOnly) { Volume = name, NoCopy = mount.NoCopy };
    }

    private static long NotNegative(long value, string field) => value >= 0 ? value : throw Invalid($"{field}: {value} is negative");

    private static SuiteException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}
