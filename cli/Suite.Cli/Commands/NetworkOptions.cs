using System.CommandLine;
using Suite.Cli.Syntax;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

/// <summary>Whom a container reaches, who reaches it, and under which names.</summary>
internal sealed class NetworkOptions
{
    private readonly Option<string[]> _network;
    private readonly Option<string[]> _publish;
    private readonly Option<bool> _publishAll;
    private readonly Option<string[]> _expose;
    private readonly Option<string[]> _link;
    private readonly Option<string[]> _alias;
    private readonly Option<string?> _ip;
    private readonly Option<string?> _hostname;
    private readonly Option<string[]> _dns;
    private readonly Option<string[]> _dnsSearch;
    private readonly Option<string[]> _dnsOption;
    private readonly Option<string[]> _addHost;

    public NetworkOptions(SuiteCommand command)
    {
        _network = command.List("--network", "NETWORK", "Connect to a network: bridge, host, none, one of your own, or container:NAME for that of another container", "--net");
        _publish = command.List("--publish", "[[ADDRESS:]HOSTPORT:]PORT[/PROTOCOL]", "Make a port reachable from outside", "-p");
        _publishAll = command.Flag("--publish-all", "Make every exposed port reachable, each at a free port of this machine", "-P");
        _expose = command.List("--expose", "PORT[/PROTOCOL]", "It listens there, which links and --publish-all heed");
        _link = command.List("--link", "CONTAINER[:ALIAS]", "Know another container by a name, and its ports by variables");
        _alias = command.List("--network-alias", "NAME", "A further name on its networks", "--net-alias");
        _ip = command.Text("--ip", "ADDRESS", "Its address on the first network");
        _hostname = command.Text("--hostname", "NAME", "Name of the container for itself", "-h");
        _dns = command.List("--dns", "ADDRESS", "Ask this name server");
        _dnsSearch = command.List("--dns-search", "DOMAIN", "Look for names in this domain");
        _dnsOption = command.List("--dns-option", "OPTION", "Option for resolv.conf", "--dns-opt");
        _addHost = command.List("--add-host", "NAME:ADDRESS", "Line for /etc/hosts; host-gateway is the host's address");
    }

    public void Fill(ContainerSpec spec, Invocation call)
    {
        spec.Networks.Add(Of(call, _network));
        spec.Ports.Add(Of(call, _publish).SelectMany(PortSyntax.Parse));
        spec.PublishAll = call.Get(_publishAll);
        spec.ExposedPorts.Add(Of(call, _expose).SelectMany(PortSyntax.Parse).Select(port => $"{port.ContainerPort}/{port.Protocol}"));
        spec.Links.Add(Of(call, _link).Select(LinkSyntax.Parse));
        spec.NetworkAliases.Add(Of(call, _alias));
        spec.Address = call.Get(_ip) ?? "";
        spec.Hostname = call.Get(_hostname) ?? "";
        spec.Dns.Add(Of(call, _dns));
        spec.DnsSearch.Add(Of(call, _dnsSearch));
        spec.DnsOptions.Add(Of(call, _dnsOption));
        spec.ExtraHosts.Add(Of(call, _addHost));
    }

    private static string[] Of(Invocation call, Option<string[]> option) => call.Get(option) ?? [];
}
