using System.CommandLine;
using Suite.Cli.Syntax;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

/// <summary>The rest of what `run` and `create` have in common: what fewer people ask for.</summary>
internal sealed class FurtherContainerOptions
{
    private readonly Option<string[]> _link = List("--link", "CONTAINER[:ALIAS]", "Know another container by a name, and its ports by variables");
    private readonly Option<string?> _restart = Text("--restart", "POLICY", "When it is started again: no, on-failure[:TIMES], always, unless-stopped");
    private readonly Option<string[]> _tmpfs = List("--tmpfs", "/THERE[:OPTIONS]", "Mount a file system in memory");
    private readonly Option<string[]> _mount = List("--mount", "type=T,source=S,target=T", "Mount a volume, a folder of this machine, or memory");
    private readonly Option<string[]> _ulimit = List("--ulimit", "NAME=SOFT[:HARD]", "Set a limit of setrlimit(2), for example nofile=1024:2048");
    private readonly Option<string[]> _sysctl = List("--sysctl", "NAME=VALUE", "Set a parameter of the kernel in its namespaces");
    private readonly Option<string[]> _security = List("--security-opt", "OPTION", "no-new-privileges[=false], seccomp=PROFILE");
    private readonly Option<string?> _pid = Text("--pid", "host", "See the processes of the host");
    private readonly Option<string?> _ipc = Text("--ipc", "host", "Share the IPC of the host");
    private readonly Option<string[]> _dns = List("--dns", "ADDRESS", "Ask this name server");
    private readonly Option<string[]> _dnsSearch = List("--dns-search", "DOMAIN", "Look for names in this domain");
    private readonly Option<string[]> _dnsOption = List("--dns-option", "OPTION", "Option for resolv.conf");
    private readonly Option<string[]> _addHost = List("--add-host", "NAME:ADDRESS", "Line for /etc/hosts; host-gateway is the host's address");
    private readonly Option<string[]> _alias = List("--network-alias", "NAME", "A further name on its networks");
    private readonly Option<string?> _ip = Text("--ip", "ADDRESS", "Its address on the first network");
    private readonly Option<string[]> _device = List("--device", "/HERE[:/THERE[:rwm]]", "Give it a device of this machine");
    private readonly Option<string[]> _group = List("--group-add", "GROUP", "Run with one more group, by number");
    private readonly Option<string?> _shm = Text("--shm-size", "AMOUNT", "Size of /dev/shm");
    private readonly Option<string?> _swap = Text("--memory-swap", "AMOUNT", "Limit of memory and swap together; -1 for none");
    private readonly Option<string?> _shares = Text("--cpu-shares", "NUMBER", "Weight against others, where CPU time is scarce", "-c");
    private readonly Option<string?> _cpuset = Text("--cpuset-cpus", "LIST", "CPUs to run on, for example 0-3,7");
    private readonly Option<string?> _mems = Text("--cpuset-mems", "LIST", "Memory nodes to use");
    private readonly Option<string?> _oomScore = Text("--oom-score-adj", "NUMBER", "-1000 to 1000: who is killed first when memory is out");
    private readonly Option<string?> _stopTimeout = Text("--stop-timeout", "SECONDS", "How long a stop waits before the kill (default: 10)");
    private readonly Option<bool> _init = new("--init") { Description = "With a process 1 that passes signals on", Arity = ArgumentArity.Zero };
    private readonly HealthOptions _health = new();

    public FurtherContainerOptions(Command command)
    {
        foreach (var option in (Option[])[
            _link, _restart, _tmpfs, _mount, _ulimit, _sysctl, _security, _pid, _ipc, _dns, _dnsSearch, _dnsOption, _addHost, _alias, _ip, _device, _group, _shm,
            _swap, _shares, _cpuset, _mems, _oomScore, _stopTimeout, _init, .. _health.All])
            command.Add(option);
    }

    public void Fill(ContainerSpec spec, Invocation call)
    {
        spec.Links.Add(Of(call, _link).Select(LinkSyntax.Parse));
        spec.Restart = call.Get(_restart) is { } policy ? RestartSyntax.Parse(policy) : null;
        spec.Tmpfs.Add(Of(call, _tmpfs).Select(MountSyntax.Tmpfs));
        foreach (var mount in Of(call, _mount))
            MountSyntax.Add(spec, mount);
        spec.Ulimits.Add(Of(call, _ulimit).Select(UlimitSyntax.Parse));
        foreach (var sysctl in Of(call, _sysctl).Select(LabelSyntax.Parse))
            spec.Sysctls[sysctl.Key] = sysctl.Value;
        foreach (var option in Of(call, _security))
            Secure(spec, option);
        spec.PidMode = call.Get(_pid) ?? "";
        spec.IpcMode = call.Get(_ipc) ?? "";
        spec.Dns.Add(Of(call, _dns));
        spec.DnsSearch.Add(Of(call, _dnsSearch));
        spec.DnsOptions.Add(Of(call, _dnsOption));
        spec.ExtraHosts.Add(Of(call, _addHost));
        spec.NetworkAliases.Add(Of(call, _alias));
        spec.Address = call.Get(_ip) ?? "";
        spec.Devices.Add(Of(call, _device).Select(MountSyntax.Device));
        spec.Groups.Add(Of(call, _group));
        spec.Init = call.Get(_init);
        spec.ShmBytes = call.Get(_shm) is { } shm ? QuantitySyntax.Bytes("--shm-size", shm) : 0;
        spec.Resources.MemorySwapBytes = call.Get(_swap) is { } swap ? QuantitySyntax.BytesOrNone("--memory-swap", swap) : 0;
        spec.Resources.CpuShares = call.Get(_shares) is { } shares ? QuantitySyntax.Count("--cpu-shares", shares) : 0;
        spec.Resources.CpusetCpus = call.Get(_cpuset) ?? "";
        spec.Resources.CpusetMems = call.Get(_mems) ?? "";
        if (call.Get(_oomScore) is { } score)
            spec.OomScoreAdj = (int)Math.Clamp(QuantitySyntax.Count("--oom-score-adj", score), -1000, 1000);
        if (call.Get(_stopTimeout) is { } seconds)
            spec.StopTimeout = QuantitySyntax.Seconds("--stop-timeout", seconds);
        spec.Health = _health.Read(call);
    }

    private static void Secure(ContainerSpec spec, string option)
    {
        var (name, value) = option.Split(['=', ':'], 2) is [var left, var right] ? (left, right) : (option, "");
        switch (name)
        {
            case "no-new-privileges" when value is "" or "true" or "false":
                spec.AllowNewPrivileges = value == "false";
                break;
            case "seccomp":
                spec.Seccomp = value is "unconfined" or "default" or "builtin" ? value == "builtin" ? "default" : value : ReadProfile(value);
                break;
            default:
                throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use --security-opt {option}: there are no-new-privileges[=false] and seccomp=unconfined or seccomp=FILE");
        }
    }

    private static string ReadProfile(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot read the profile of --security-opt seccomp={file}: {e.Message}", e);
        }
    }

    private static string[] Of(Invocation call, Option<string[]> option) => call.Get(option) ?? [];

    private static Option<string?> Text(string name, string value, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = value };

    private static Option<string[]> List(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value, Arity = ArgumentArity.OneOrMore };
}
