using System.CommandLine;
using Suite.Cli.Syntax;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

/// <summary>What `run` and `create` have in common: the description of a container.</summary>
internal abstract class ContainerOptions : SuiteCommand
{
    private readonly Option<string?> _name;
    private readonly Option<bool> _remove;
    private readonly Option<bool> _interactive;
    private readonly Option<bool> _tty;
    private readonly Option<string[]> _env;
    private readonly Option<string[]> _envFile;
    private readonly Option<string?> _workdir;
    private readonly Option<string?> _user;
    private readonly Option<string?> _entrypoint;
    private readonly Option<string[]> _label;
    private readonly Option<string[]> _labelFile;
    private readonly Option<string[]> _sysctl;
    private readonly Option<string?> _restart;
    private readonly Option<string?> _stopSignal;
    private readonly Option<string?> _stopTimeout;
    private readonly Option<string?> _idFile;
    private readonly Option<string?> _platform;
    private readonly Option<string?> _pull;
    private readonly Option<bool> _quiet;
    private readonly NetworkOptions _network;
    private readonly StorageOptions _storage;
    private readonly LimitOptions _limits;
    private readonly SecurityOptions _security;
    private readonly HealthOptions _health;
    private readonly Argument<string[]> _imageAndCommand;

    protected ContainerOptions(string name, string description)
        : base(name, "[OPTIONS] IMAGE [COMMAND] [ARG...]", description)
    {
        _name = Text("--name", "NAME", "Name of the container; made up if missing");
        _remove = Flag("--rm", "Remove the container when it exits");
        _interactive = Flag("--interactive", "Keep standard input open", "-i");
        _tty = Flag("--tty", "Give it a terminal", "-t");
        _env = List("--env", "NAME[=VALUE]", "Set a variable; without a value, pass on your own", "-e");
        _envFile = List("--env-file", "FILE", "Read variables from a file");
        _workdir = Text("--workdir", "DIR", "Working directory", "-w");
        _user = Text("--user", "USER[:GROUP]", "Run as this user, a name or number", "-u");
        _entrypoint = Text("--entrypoint", "COMMAND", "Replace the image's entrypoint; \"\" for none");
        _label = List("--label", "NAME[=VALUE]", "Set a label", "-l");
        _labelFile = List("--label-file", "FILE", "Read labels from a file");
        _sysctl = List("--sysctl", "NAME=VALUE", "Set a parameter of the kernel in its namespaces");
        _restart = Text("--restart", "POLICY", "When it is started again: no, on-failure[:TIMES], always, unless-stopped");
        _stopSignal = Text("--stop-signal", "SIGNAL", "Signal that asks it to stop");
        _stopTimeout = Text("--stop-timeout", "SECONDS", "How long a stop waits before the kill (default: 10)");
        _idFile = Text("--cidfile", "FILE", "Write the container's id to a new file");
        _pull = Text("--pull", "WHEN", "Fetch the image: missing (the default), always or never");
        _pull.AcceptOnlyFromAmong("missing", "always", "never");
        _platform = Text("--platform", "OS/ARCH", "Which of an image's platforms to fetch");
        _quiet = Flag("--quiet", "Show no progress of a pull", "-q");
        _network = new NetworkOptions(this);
        _storage = new StorageOptions(this);
        _limits = new LimitOptions(this);
        _security = new SecurityOptions(this);
        _health = new HealthOptions(this);
        _imageAndCommand = Rest("IMAGE");
    }

    public override int FailureCode => ExitCodes.BeforeStart;

    /// <summary>Makes the container that the options describe.</summary>
    protected async Task<CreateResponse> CreateAsync(Invocation call, ContainerSpec spec, CancellationToken cancellationToken)
    {
        await _storage.BorrowAsync(spec, call, cancellationToken);
        using var idFile = call.Get(_idFile) is { } path ? IdFile.Make(path) : null;
        var pull = new PullWish(call.Get(_pull) ?? "missing", call.Get(_platform) ?? "", call.Get(_quiet));
        var created = await ContainerCreation.CreateAsync(call, spec, pull, cancellationToken);
        idFile?.Write(created.Id);
        return created;
    }

    protected ContainerSpec Read(Invocation call)
    {
        var words = call.Get(_imageAndCommand);
        var spec = new ContainerSpec
        {
            Name = call.Get(_name) ?? "",
            Image = words[0],
            EntrypointSet = call.Has(_entrypoint),
            WorkingDir = FolderSyntax.Absolute("--workdir", call.Get(_workdir)),
            User = call.Get(_user) ?? "",
            Tty = call.Get(_tty),
            Stdin = call.Get(_interactive),
            StopSignal = call.Get(_stopSignal) ?? "",
            AutoRemove = call.Get(_remove),
            Restart = call.Get(_restart) is { } policy ? RestartSyntax.Parse(policy) : null,
        };
        spec.Command.Add(words[1..]);
        if (call.Get(_entrypoint) is { Length: > 0 } entrypoint)
            spec.Entrypoint.Add(entrypoint);
        spec.Env.Add(EnvironmentSyntax.Read(call.Get(_envFile) ?? [], call.Get(_env) ?? [], call.Session.Environment));
        foreach (var label in LabelSyntax.Read(call.Get(_labelFile) ?? [], call.Get(_label) ?? []))
            spec.Labels[label.Key] = label.Value;
        foreach (var sysctl in (call.Get(_sysctl) ?? []).Select(LabelSyntax.Parse))
            spec.Sysctls[sysctl.Key] = sysctl.Value;
        if (call.Get(_stopTimeout) is { } seconds)
            spec.StopTimeout = QuantitySyntax.Seconds("--stop-timeout", seconds);
        _network.Fill(spec, call);
        _storage.Fill(spec, call);
        _limits.Fill(spec, call);
        _security.Fill(spec, call);
        spec.Health = _health.Read(call);
        return spec.AutoRemove && spec.Restart is { Mode: not RestartMode.No }
            ? throw new SuiteException(ErrorKind.InvalidArgument, "--rm and --restart exclude each other: what is removed cannot be started again")
            : spec;
    }
}
