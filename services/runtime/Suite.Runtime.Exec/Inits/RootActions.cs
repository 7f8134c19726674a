using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using Suite.Runtime.Exec.Wire;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

internal static unsafe class RootActions
{
    public static void Take(Step step, InitContext context)
    {
        switch (step)
        {
            case SetPropagation propagation:
                ChangePropagation("/", propagation.Flags);
                break;
            case MountRoot mount:
                Attach(MakeRoot(mount, context), mount.Target, context);
                break;
            case BindRoot bind:
                Attach(MountActions.CloneTree(bind.Target, recursive: true), bind.Target, context);
                break;
            case PivotRoot pivot:
                Pivot(pivot.Propagation, context);
                break;
            case ProtectRoot:
                var root = Descriptor.Open("/", O_PATH | O_DIRECTORY);
                MountActions.SetAttributes(root, MountCalls.MOUNT_ATTR_RDONLY, 0, 0, recursive: false, "/");
                Descriptor.Close(root);
                break;
        }
    }

    private static int MakeRoot(MountRoot mount, InitContext context)
    {
        if (mount.Type == "bind")
        {
            var tree = TreeActions.Open(mount.Source, recursive: false, mount.Settings.Ids, fromHost: false, context);
            MountActions.SetAttributes(tree, mount.Settings, mount.Target);
            return tree;
        }

        if (mount.Settings.Ids.Any && mount.Type == "overlay")
        {
            IdmappedLayers.Cover(mount, context);
            return IdmappedLayers.CreateAs(IdmappedLayers.RootOf(mount.Settings.Ids, context), mount);
        }

        return mount.Type == "overlay"
            ? OverlayMount.Create(mount.Source, mount.Target, mount.Settings)
            : FilesystemMount.Create(mount.Type, mount.Source, mount.Settings, readOnlyFilesystem: false);
    }

    private static void Attach(int mount, string target, InitContext context)
    {
        // -1: the mount was made with mount(2), and is at its place already.
        if (mount >= 0)
        {
            var directory = Descriptor.Open(target, O_PATH | O_DIRECTORY);
            FilesystemMount.Attach(mount, directory, target);
            Descriptor.Close(directory);
            Descriptor.Close(mount);
        }

        context.Root = Descriptor.Open(target, O_PATH | O_DIRECTORY);
        context.RootPath = target;
        if (context.ChangesRoot)
            FdMessage.Send(context.Report, [InitMessages.RootMounted], [context.Root]);
    }

    /// <summary>
    /// The old root is stacked over the new one and taken off again, so that no directory is needed in the image
    /// (pivot_root(2), "pivot_root(".", ".")").
    /// </summary>
    private static void Pivot(uint propagation, InitContext context)
    {
        var old = Descriptor.Open("/", O_PATH | O_DIRECTORY);
        Check(fchdir(context.Root), $"enter the root {context.RootPath}");
        fixed (byte* here = ".\0"u8)
        {
            Check(MountCalls.pivot_root(here, here), $"pivot to the root {context.RootPath}");
            // Taking off the old root must not reach the host through a shared mount. It is entered first: "." of the new one is the new
            // one, whose own shared mounts are to stay so.
            Check(fchdir(old), "enter the old root");
            Descriptor.Close(old);
            ChangePropagation(".", MountCalls.MS_SLAVE | MountCalls.MS_REC);
            Check(umount2(here, MountCalls.MNT_DETACH), "take off the old root");
        }

        fixed (byte* top = "/\0"u8)
            Check(chdir(top), "enter the new root");
        Descriptor.Close(context.Root);
        context.Root = Descriptor.Open("/", O_PATH | O_DIRECTORY);
        if (propagation != 0)
            ChangePropagation("/", propagation);
    }

    public static void ChangePropagation(string path, uint flags)
    {
        fixed (byte* target = Descriptor.Path(path))
            Check(mount(null, target, null, flags, null), $"make the mounts below {path} {MountOptions.PropagationName(flags)}");
    }

    private static void Check(int result, string action)
    {
        if (result != 0)
            throw new ErrnoException(action, errno);
    }
}
