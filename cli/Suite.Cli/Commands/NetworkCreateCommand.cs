using System.CommandLine;
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
    private readonly Option<bool> _internal;
    private readonly Option<bool> _ipv6;
    private readonly Option<string[]> _option;
    private readonly Option<string[]> _label;
    private readonly Argument<string> _name;

    public NetworkCreateCommand()
        : base("create", "[OPTIONS] NAME", "Make a network")
    {
        _driver = Text("--driver", "DRIVER", "Its kind (default: bridge)", "-d");
        _subnet = List("--subnet", "CIDR", "Its addresses, for example 10.90.0.0/24");
        _gateway = List("--gateway", "ADDRESS", "The bridge's own address in the subnet");
        _range = List("--ip-range", "CIDR", "The part of the subnet that addresses are given from");
        _internal = Flag("--internal", "No way out of this machine");
        _ipv6 = Flag("--ipv6", "With IPv6, too");
        _option = List("--opt", "NAME=VALUE", "mtu=BYTES, isolated=true", "-o");
        _label = List("--label", "NAME[=VALUE]", "Set a label");
        _name = One("NAME");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var request = new CreateNetworkRequest
        {
            Name = call.Get(_name),
            Driver = call.Get(_driver) ?? "",
            Internal = call.Get(_internal),
            Ipv6 = call.Get(_ipv6),
        };
        request.Subnets.AddRange(Subnets(call));
        foreach (var option in call.Get(_option) ?? [])
            Apply(request, option);
        foreach (var label in (call.Get(_label) ?? []).Select(LabelSyntax.Parse))
            request.Labels[label.Key] = label.Value;
        var created = await call.Services.Network.CreateNetworkAsync(request, cancellationToken: cancellationToken);
        await call.Out.WriteLineAsync(created.Network.Id);
        return ExitCodes.Success;
    }

    private IEnumerable<Subnet> Subnets(Invocation call)
    {
        var (subnets, gateways, ranges) = (call.Get(_subnet) ?? [], call.Get(_gateway) ?? [], call.Get(_range) ?? []);
        if (gateways.Length > subnets.Length || ranges.Length > subnets.Length)
            throw new SuiteException(ErrorKind.InvalidArgument, "cannot make the network: --gateway and --ip-range need a --subnet each");
        return subnets.Select((subnet, i) => new Subnet
        {
            Subnet_ = subnet,
            Gateway = i < gateways.Length ? gateways[i] : "",
            Range = i < ranges.Length ? ranges[i] : "",
        });
    }

    private static void Apply(CreateNetworkRequest request, string option)
    {
        // Docker's names for the same are long, and in many scripts.
        switch (LabelSyntax.Parse(option))
        {
            case { Key: "mtu" or "com.docker.network.driver.mtu" } mtu:
                request.Mtu = (uint)QuantitySyntax.Count("--opt mtu", mtu.Value);
                break;
            case { Key: "isolated" or "isolate", Value: "true" or "" }:
                request.Isolated = true;
                break;
            default:
                throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use --opt {option}: there are mtu=BYTES and isolated=true");
        }
    }
}
