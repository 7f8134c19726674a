using Suite.Linux.Errors;
using Suite.Network.Bridge.Plans;

namespace Suite.Network.Bridge.Links;

/// <summary>
/// A setting under /proc/sys of the host. What has the wanted value is not written again: writing ip_forward, even the same
/// value, makes the kernel reset other settings of every link (Documentation/networking/ip-sysctl).
/// </summary>
/// <param name="Unread">Written without a look at what it is: in a new namespace there is nothing to spare.</param>
/// <param name="IfThere">A kernel without it is fine: IPv6 may be switched off at boot.</param>
internal sealed record SetSysctl(string Key, string Value, bool IfThere = false, bool Unread = false) : ActionStep
{
    public override string Text => $"sysctl {Key} = {Value}";

    public override void Apply(IPlaces places)
    {
        string path = "/proc/sys/" + Key;
        if (IfThere && !File.Exists(path))
        {
            return;
        }

        try
        {
            if (Unread || File.ReadAllText(path).Trim() != Value)
            {
                File.WriteAllText(path, Value);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot set {path} to {Value}: {e.Message}. Set it yourself, or give the service CAP_NET_ADMIN and a writable /proc/sys", e);
        }
    }
}
