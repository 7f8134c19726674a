using System.CommandLine;
using System.Net;
using Suite.Cli.Syntax;
using Suite.Linux.Errors;
using Suite.Network.V1;

namespace Suite.Cli.Commands;

internal sealed class NetworkCreateCommand : SuiteCommand
{
    private readonly Option<string?> _driver;
    private readonly Option<string[]> _subnet;
    private readonly Option<string[]> _gateway;
    private readonly Option<string[]> _range;
    private readonly Option<string?> _mtu;
    private readonly Option<bool> _internal;
    private readonly Option<bool> _isolated;
    private readonly Option<bool> _ipv6;
    private readonly Option<string[]> _label;
    private readonly Argument<string> _name;

    public NetworkCreateCommand()
        : base("create", "[OPTIONS] NAME", "Make a network whose containers find each other by name")
    {
        _driver = Text("--driver", "DRIVER", "\"bridge\", which is the only one for new networks", "-d");
        _subnet = List("--subnet", "CIDR", "One of IPv4, of IPv6, or one of each, for example 10.90.0.0/24");
        _gateway = List("--gateway", "ADDRESS", "The host's own address in a subnet; its first one otherwise");
        _range = List("--ip-range", "CIDR", "The part of a subnet that addresses are given from");
        _mtu = Text("--mtu", "BYTES", "How large a packet may be");
        _internal = Flag("--internal", "Without a way out of this host");
        _isolated = Flag("--isolated", "Without a way to this host's other networks");
        _ipv6 = Flag("--ipv6", "With a subnet of IPv6, of this machine's own unless one is named");
        _label = List("--label", "NAME[=VALUE]", "Note something down about it");
        _name = One("NAME");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var request = new CreateNetworkRequest
        {
            Name = call.Get(_name),
            Driver = call.Get(_driver) ?? "",
            Mtu = call.Get(_mtu) is { } mtu ? (uint)QuantitySyntax.Count("--mtu", mtu) : 0,
            Internal = call.Get(_internal),
            Isolated = call.Get(_isolated),
            Ipv6 = call.Get(_ipv6),
        };
        request.Subnets.Add((call.Get(_subnet) ?? []).Select(subnet => new Subnet { Subnet_ = subnet }));
        foreach (var gateway in call.Get(_gateway) ?? [])
            SubnetWith("--gateway", gateway, request).Gateway = gateway;
        foreach (var range in call.Get(_range) ?? [])
            SubnetWith("--ip-range", range, request).Range = range;
        foreach (var label in (call.Get(_label) ?? []).Select(LabelSyntax.Parse))
            request.Labels[label.Key] = label.Value;

        var created = await call.Services.Network.CreateNetworkAsync(request, cancellationToken: cancellationToken);
        await call.Out.WriteLineAsync(created.Network.Id);
        return ExitCodes.Success;
    }

    /// <summary>The subnet that an address or range is in, so that the order of the options does not matter.</summary>
    private static Subnet SubnetWith(string option, string text, CreateNetworkRequest request) =>
        request.Subnets.FirstOrDefault(subnet => IPNetwork.TryParse(subnet.Subnet_, out var network) && IPAddress.TryParse(text.Split('/')[0], out var address) && network.Contains(address))
        ?? throw new SuiteException(ErrorKind.InvalidArgument, $"{option} {text} is in no --subnet that is named");
}
