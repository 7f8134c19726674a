using Suite.Linux.Errors;
using Suite.Linux.Native;
using Suite.Linux.Processes;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>
/// The order of capabilities(7): the bounding set is cut while CAP_SETPCAP is there, the user changes with the capabilities kept,
/// the other sets follow. no_new_privs comes before them, so that a filter of system calls knows whether it needs a capability.
/// </summary>
internal static unsafe class RightsActions
{
    public static void Take(Step step, InitContext context)
    {
        switch (step)
        {
            case SetUser user:
                CutBoundingSet(user.Bounding);
                Become(user, context);
                break;
            case SetCapabilities sets:
                Keep(sets, context);
                break;
            case SetNoNewPrivileges:
                Check(Prctl.prctl(Prctl.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "set no_new_privs");
                break;
        }
    }

    /// <summary>The kernel may know more capabilities than this build; those go too.</summary>
    private static void CutBoundingSet(CapabilitySet bounding)
    {
        for (var capability = 0; capability < 64; capability++)
        {
            if (capability <= Capability.CAP_LAST_CAP && bounding.Has(capability))
                continue;
            var present = Prctl.prctl(Prctl.PR_CAPBSET_READ, (nuint)capability, 0, 0, 0);
            if (present < 0)
                break;
            if (present == 1)
                Check(Prctl.prctl(Prctl.PR_CAPBSET_DROP, (nuint)capability, 0, 0, 0), "cut the bounding set of capabilities");
        }
    }

    private static void Become(SetUser step, InitContext context)
    {
        var (uid, gid, groups) = (step.Uid, step.Gid, step.Groups);
        if (step.Lookup is { } name)
        {
            var found = UserLookup.Find(name, step.Groups);
            (uid, gid, groups, context.Home) = (found.Uid, found.Gid, found.Groups, found.Home);
        }
        else
            context.Home = UserLookup.HomeOf(uid);

        if (uid != 0)
            GiveStreams(uid);
        Check(Prctl.prctl(Prctl.PR_SET_KEEPCAPS, 1, 0, 0, 0), "keep the capabilities");
        Check(Credentials.SetGroups([.. groups]), "set the groups");
        Check(Credentials.SetGroup(gid), $"become the group {gid}");
        Check(Credentials.SetUser(uid), $"become the user {uid}");
        _ = umask((mode_t)(step.Umask ?? 0x12 /* 022 */));
    }

    /// <summary>So that /dev/stdout can be opened by who is not root: a pipe or terminal belongs to who made it.</summary>
    private static void GiveStreams(uint uid)
    {
        for (var fd = 0; fd < 3; fd++)
        {
            stat status;
            var kind = fstat(fd, &status) == 0 ? (uint)status.st_mode & 0xf000 : 0;
            // Pipes, and terminals (major 136 to 143); never the host's /dev/null or a file that was handed in.
            if (kind == 0x1000 || (kind == 0x2000 && ((ulong)status.st_rdev >> 8 & 0xfff) is >= 136 and < 144))
                _ = fchown(fd, (uid_t)uid, (gid_t)uint.MaxValue);
        }
    }

    private static void Keep(SetCapabilities sets, InitContext context)
    {
        var header = new Capability.cap_user_header_t { version = Capability._LINUX_CAPABILITY_VERSION_3 };
        var data = stackalloc Capability.cap_user_data_t[2];
        Check(Capability.capget(&header, data), "read the capabilities");

        // What the host did not give us we cannot hand on: the sets are cut to it, as the bounding set has been by the kernel.
        var have = data[0].permitted | (ulong)data[1].permitted << 32;
        var aside = FilterActions.KeptAside(context, have);
        if (aside != 0)
            context.RightsAfterFilter = (sets.Effective.Bits & have, sets.Permitted.Bits & have, sets.Inheritable.Bits & have);
        for (var word = 0; word < 2; word++)
        {
            data[word].effective = (uint)((sets.Effective.Bits & have) >> (32 * word));
            data[word].permitted = (uint)((sets.Permitted.Bits & have | aside) >> (32 * word));
            data[word].inheritable = (uint)((sets.Inheritable.Bits & have) >> (32 * word));
        }

        Check(Capability.capset(&header, data), "set the capabilities");
        _ = Prctl.prctl(Prctl.PR_CAP_AMBIENT, Prctl.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
        for (var capability = 0; capability <= Capability.CAP_LAST_CAP; capability++)
        {
            if ((sets.Ambient.Bits & have) >> capability << 63 != 0)
                Check(Prctl.prctl(Prctl.PR_CAP_AMBIENT, Prctl.PR_CAP_AMBIENT_RAISE, (nuint)capability, 0, 0), "raise the ambient capabilities");
        }
    }

    private static void Check(int result, string action)
    {
        if (result < 0)
            throw new ErrnoException(action, errno);
    }
}
