using Suite.Linux.Errors;
using Suite.Runtime.Exec.Bundles;
using Suite.Runtime.Exec.Plans.Steps;
using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans;

/// <summary>A plan as bytes. The shim reads the clone request; the steps are read by the init alone, one at a time.</summary>
internal static class PlanCodec
{
    private const int Successor = 1;
    private const int Bundled = 2;
    private const int DeviceMounting = 4;

    /// <summary>Among the clone flags, of which none is so high: what few containers have follows. A shim from before it refuses the flag.</summary>
    private const ulong HasOutside = 1UL << 63;

    public static void Write(WireWriter writer, CloneRequest clone, IReadOnlyList<Step> steps)
    {
        writer.ULong(clone.Flags | (clone.Outside.IsNone ? 0 : HasOutside));
        writer.OptionalString(clone.PidNamespace);
        writer.String(clone.CgroupPath);
        writer.Bool(clone.Terminal);
        // One byte, of which the first version knew the lowest bit: a shim of before is never sent the others.
        writer.Byte((byte)((clone.HasSuccessor ? Successor : 0) | (clone.Bundle is not null ? Bundled : 0) | (clone.MountsDevices ? DeviceMounting : 0)));
        clone.Hooks.Write(writer);
        clone.Bundle?.Write(writer);
        if (!clone.Outside.IsNone)
            clone.Outside.Write(writer);
        foreach (var step in steps)
        {
            writer.Byte((byte)step.Code);
            step.Write(writer);
        }
    }

    public static CloneRequest ReadClone(ref WireReader reader)
    {
        var flags = reader.ULong();
        var request = new CloneRequest(flags & ~HasOutside, reader.OptionalString(), reader.String(), reader.Bool());
        var more = reader.Byte();
        request = request with
        {
            HasSuccessor = (more & Successor) != 0,
            MountsDevices = (more & DeviceMounting) != 0,
            Hooks = RuntimeHooks.Read(ref reader),
            Bundle = (more & Bundled) != 0 ? BundleFiles.Read(ref reader) : null,
        };
        return (flags & HasOutside) == 0 ? request : request with { Outside = OutsideWork.Read(ref reader) };
    }

    public static Step ReadStep(ref WireReader reader)
    {
        var code = (StepCode)reader.Byte();
        return code switch
        {
            StepCode.JoinNamespace => JoinNamespace.Read(ref reader),
            StepCode.MakeCgroup => MakeCgroup.Read(ref reader),
            StepCode.SetPropagation => SetPropagation.Read(ref reader),
            StepCode.MountRoot => MountRoot.Read(ref reader),
            StepCode.BindRoot => BindRoot.Read(ref reader),
            StepCode.MountFilesystem => MountFilesystem.Read(ref reader),
            StepCode.BindMount => BindMount.Read(ref reader),
            StepCode.MountCgroup => MountCgroup.Read(ref reader),
            StepCode.MakeDevice => MakeDevice.Read(ref reader),
            StepCode.MakeLink => MakeLink.Read(ref reader),
            StepCode.OpenTerminal => OpenTerminal.Read(ref reader),
            StepCode.SetSysctl => SetSysctl.Read(ref reader),
            StepCode.SetHostname => SetHostname.Read(ref reader),
            StepCode.SetDomainname => SetDomainname.Read(ref reader),
            StepCode.PivotRoot => PivotRoot.Read(ref reader),
            StepCode.MaskPath => MaskPath.Read(ref reader),
            StepCode.ProtectPath => ProtectPath.Read(ref reader),
            StepCode.ProtectRoot => new ProtectRoot(),
            StepCode.EnterCgroup => EnterCgroup.Read(ref reader),
            StepCode.JoinContainer => new JoinContainer(),
            StepCode.SetOomScore => SetOomScore.Read(ref reader),
            StepCode.SetRlimit => SetRlimit.Read(ref reader),
            StepCode.MakeDirectory => MakeDirectory.Read(ref reader),
            StepCode.SetUser => SetUser.Read(ref reader),
            StepCode.SetCapabilities => SetCapabilities.Read(ref reader),
            StepCode.SetNoNewPrivileges => new SetNoNewPrivileges(),
            StepCode.Execute => Execute.Read(ref reader),
            StepCode.ConnectListener => ConnectListener.Read(ref reader),
            StepCode.FilterSystemCalls => FilterSystemCalls.Read(ref reader),
            StepCode.SetPersonality => SetPersonality.Read(ref reader),
            StepCode.SetScheduler => SetScheduler.Read(ref reader),
            StepCode.SetIoPriority => SetIoPriority.Read(ref reader),
            StepCode.SetAffinity => SetAffinity.Read(ref reader),
            StepCode.SetMemoryPolicy => SetMemoryPolicy.Read(ref reader),
            StepCode.SetSecurityLabel => SetSecurityLabel.Read(ref reader),
            StepCode.SetTimeOffsets => SetTimeOffsets.Read(ref reader),
            StepCode.OpenUserNamespace => OpenUserNamespace.Read(ref reader),
            StepCode.OpenTree => OpenTree.Read(ref reader),
            StepCode.EnterUserNamespace => EnterUserNamespace.Read(ref reader),
            StepCode.RunHooks => RunHooks.Read(ref reader),
            StepCode.AskHooks => new AskHooks(),
            StepCode.AwaitStart => AwaitStart.Read(ref reader),
            StepCode.MoveRoot => MoveRoot.Read(ref reader),
            StepCode.ChangeRoot => ChangeRoot.Read(ref reader),
            StepCode.JoinMounts => JoinMounts.Read(ref reader),
            StepCode.AskDevices => new AskDevices(),
            StepCode.EnterResctrl => EnterResctrl.Read(ref reader),
            StepCode.OpenFilesystem => OpenFilesystem.Read(ref reader),
            StepCode.MakeBundle => MakeBundle.Read(ref reader),
            StepCode.WriteFile => WriteFile.Read(ref reader),
            StepCode.ShareSource => ShareSource.Read(ref reader),
            _ => throw new SuiteException(ErrorKind.Unsupported, $"read a plan: step {(byte)code} is of a newer version of Suite than this shim"),
        };
    }
}
