using Suite.Network.Bridge.Plans;

namespace Suite.Network.Bridge.Links;

/// <summary>
/// Lets the host forward IPv6. The switch makes every link of the host deaf to router advertisements (Documentation/networking/
/// ip-sysctl, accept_ra), by which many hosts know their own default route: links that listened before are told to go on.
/// </summary>
internal sealed record SetIpv6Forwarding : ActionStep
{
    private const string Links = "/proc/sys/net/ipv6/conf";

    public override string Text => "sysctl net/ipv6/conf/all/forwarding = 1, accept_ra of links that listen = 2";

    public override void Apply(IPlaces places)
    {
        if (File.Exists($"{Links}/all/forwarding") && File.ReadAllText($"{Links}/all/forwarding").Trim() != "0")
        {
            return;
        }

        if (Directory.Exists(Links))
        {
            foreach (string link in Directory.GetDirectories(Links).Select(Path.GetFileName).OfType<string>().Where(Listens))
            {
                new SetSysctl($"net/ipv6/conf/{link}/accept_ra", "2").Apply(places);
            }
        }

        new SetSysctl("net/ipv6/conf/all/forwarding", "1").Apply(places);
    }

    /// <summary>"all" and "default" are no links; 1 means "unless forwarding is on".</summary>
    private static bool Listens(string link)
    {
        try
        {
            return link is not ("all" or "default" or "lo") && File.ReadAllText($"{Links}/{link}/accept_ra").Trim() == "1";
        }
        catch (IOException)
        {
            return false; // it has gone meanwhile
        }
    }
}
