using System.CommandLine;
using Suite.Cli.Syntax;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

/// <summary>What `run` and `create` have in common: the description of a container.</summary>
internal abstract class ContainerOptions : SuiteCommand
{
    private readonly Option<string?> _name;
    private readonly Option<bool> _remove;
    private readonly Option<bool> _interactive;
    private readonly Option<bool> _tty;
    private readonly Option<string[]> _publish;
    private readonly Option<string[]> _volume;
    private readonly Option<string[]> _env;
    private readonly Option<string[]> _envFile;
    private readonly Option<string?> _workdir;
    private readonly Option<string?> _user;
    private readonly Option<string?> _entrypoint;
    private readonly Option<string[]> _network;
    private readonly Option<string?> _memory;
    private readonly Option<string?> _cpus;
    private readonly Option<string?> _pids;
    private readonly Option<string[]> _capAdd;
    private readonly Option<string[]> _capDrop;
    private readonly Option<bool> _privileged;
    private readonly Option<bool> _readOnly;
    private readonly Option<string?> _hostname;
    private readonly Option<string[]> _label;
    private readonly Option<string?> _stopSignal;
    private readonly Option<string?> _platform;
    private readonly Option<string?> _pull;
    private readonly FurtherContainerOptions _further;
    private readonly Argument<string[]> _imageAndCommand;

    protected ContainerOptions(string name, string description)
        : base(name, "[OPTIONS] IMAGE [COMMAND] [ARG...]", description)
    {
        _name = Text("--name", "NAME", "Name of the container; made up if missing");
        _remove = Flag("--rm", "Remove the container when it exits");
        _interactive = Flag("--interactive", "Keep standard input open", "-i");
        _tty = Flag("--tty", "Give it a terminal", "-t");
        _publish = List("--publish", "[[ADDRESS:]HOSTPORT:]PORT[/PROTOCOL]", "Make a port reachable from outside", "-p");
        _volume = List("--volume", "[/HERE|VOLUME:]/THERE[:ro]", "Mount a file or folder of this machine, or a volume", "-v");
        _env = List("--env", "NAME[=VALUE]", "Set a variable; without a value, pass on your own", "-e");
        _envFile = List("--env-file", "FILE", "Read variables from a file");
        _workdir = Text("--workdir", "DIR", "Working directory", "-w");
        _user = Text("--user", "USER[:GROUP]", "Run as this user, a name or number", "-u");
        _entrypoint = Text("--entrypoint", "COMMAND", "Replace the image's entrypoint; \"\" for none");
        _network = List("--network", "NETWORK", "Connect to a network: bridge, host, none or one of your own");
        _memory = Text("--memory", "AMOUNT", "Memory limit, for example 512m", "-m");
        _cpus = Text("--cpus", "NUMBER", "Limit of CPU time, in CPUs, for example 0.5");
        _pids = Text("--pids-limit", "NUMBER", "Limit of processes and threads; -1 for none");
        _capAdd = List("--cap-add", "CAPABILITY", "Add a capability, or ALL");
        _capDrop = List("--cap-drop", "CAPABILITY", "Take a capability away, or ALL");
        _privileged = Flag("--privileged", "All capabilities and devices: as powerful as root on this machine");
        _readOnly = Flag("--read-only", "Mount the container's root read-only");
        _hostname = Text("--hostname", "NAME", "Name of the container for itself", "-h");
        _label = List("--label", "NAME[=VALUE]", "Set a label", "-l");
        _stopSignal = Text("--stop-signal", "SIGNAL", "Signal that asks it to stop");
        _pull = Text("--pull", "WHEN", "Fetch the image: missing (the default), always or never");
        _pull.AcceptOnlyFromAmong("missing", "always", "never");
        _platform = Text("--platform", "OS/ARCH", "Which of an image's platforms to fetch");
        _further = new FurtherContainerOptions(this);
        _imageAndCommand = Rest("IMAGE");
    }

    public override int FailureCode => ExitCodes.BeforeStart;

    /// <summary>When and for which platform the image is fetched.</summary>
    protected (string When, string Platform) ReadPull(Invocation call) => (call.Get(_pull) ?? "missing", call.Get(_platform) ?? "");

    protected ContainerSpec Read(Invocation call)
    {
        var words = call.Get(_imageAndCommand);
        var spec = new ContainerSpec
        {
            Name = call.Get(_name) ?? "",
            Image = words[0],
            EntrypointSet = call.Has(_entrypoint),
            WorkingDir = call.Get(_workdir) ?? "",
            User = call.Get(_user) ?? "",
            Hostname = call.Get(_hostname) ?? "",
            Tty = call.Get(_tty),
            Stdin = call.Get(_interactive),
            Resources = ReadResources(call),
            ReadOnlyRootfs = call.Get(_readOnly),
            Privileged = call.Get(_privileged),
            StopSignal = call.Get(_stopSignal) ?? "",
            AutoRemove = call.Get(_remove),
        };
        spec.Command.Add(words[1..]);
        if (call.Get(_entrypoint) is { Length: > 0 } entrypoint)
            spec.Entrypoint.Add(entrypoint);
        spec.Env.Add(EnvironmentSyntax.Read(call.Get(_envFile) ?? [], call.Get(_env) ?? [], call.Session.Environment));
        spec.Networks.Add(call.Get(_network) ?? []);
        spec.Ports.Add((call.Get(_publish) ?? []).SelectMany(PortSyntax.Parse));
        spec.Mounts.Add((call.Get(_volume) ?? []).Select(VolumeSyntax.Parse));
        spec.CapAdd.Add(call.Get(_capAdd) ?? []);
        spec.CapDrop.Add(call.Get(_capDrop) ?? []);
        foreach (var label in (call.Get(_label) ?? []).Select(LabelSyntax.Parse))
            spec.Labels[label.Key] = label.Value;
        _further.Fill(spec, call);
        return spec;
    }

    private Resources ReadResources(Invocation call) => new()
    {
        MemoryBytes = call.Get(_memory) is { } memory ? QuantitySyntax.Bytes("--memory", memory) : 0,
        NanoCpus = call.Get(_cpus) is { } cpus ? QuantitySyntax.NanoCpus(cpus) : 0,
        Pids = call.Get(_pids) is { } pids ? Math.Max(0, QuantitySyntax.Count("--pids-limit", pids)) : 0,
    };
}
