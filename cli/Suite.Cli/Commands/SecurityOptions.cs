using System.CommandLine;
using Suite.Cli.Syntax;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

/// <summary>What a container may do, and with whom it shares what the kernel can keep apart.</summary>
internal sealed class SecurityOptions
{
    private readonly Option<bool> _privileged;
    private readonly Option<string[]> _capAdd;
    private readonly Option<string[]> _capDrop;
    private readonly Option<string[]> _security;
    private readonly Option<string?> _users;
    private readonly Option<string?> _pid;
    private readonly Option<string?> _ipc;
    private readonly Option<string[]> _group;
    private readonly Option<bool> _init;

    public SecurityOptions(SuiteCommand command)
    {
        _privileged = command.Flag("--privileged", "All capabilities and devices: as powerful as root on this machine");
        _capAdd = command.List("--cap-add", "CAPABILITY", "Add a capability, or ALL");
        _capDrop = command.List("--cap-drop", "CAPABILITY", "Take a capability away, or ALL");
        _security = command.List("--security-opt", "OPTION", "no-new-privileges[=false], seccomp=FILE|unconfined, apparmor=PROFILE, label=…, systempaths=unconfined");
        _users = command.Text("--userns", "host|private", "Have the host's users (the default), or some that nobody else has");
        _pid = command.Text("--pid", "host|container:NAME", "See the processes of the host, or of another container");
        _ipc = command.Text("--ipc", "MODE", "IPC: private (the default), shareable, container:NAME, host, or none without /dev/shm");
        _group = command.List("--group-add", "GROUP", "Run with one more group, a name or number");
        _init = command.Flag("--init", "With a process 1 that collects orphans, and the usual meaning of signals for the command");
    }

    public void Fill(ContainerSpec spec, Invocation call)
    {
        spec.Privileged = call.Get(_privileged);
        spec.CapAdd.Add(call.Get(_capAdd) ?? []);
        spec.CapDrop.Add(call.Get(_capDrop) ?? []);
        foreach (var option in call.Get(_security) ?? [])
            SecuritySyntax.Apply(spec, option);
        // Podman's word for the same.
        spec.UserMode = call.Get(_users) is "auto" ? "private" : call.Get(_users) ?? "";
        spec.PidMode = call.Get(_pid) ?? "";
        spec.IpcMode = call.Get(_ipc) ?? "";
        spec.Groups.Add(call.Get(_group) ?? []);
        spec.Init = call.Get(_init);
    }
}
