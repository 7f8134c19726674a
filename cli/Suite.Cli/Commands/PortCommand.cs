using System.CommandLine;
using Suite.Cli.Syntax;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

internal sealed class PortCommand : SuiteCommand
{
    private readonly Argument<string> _container;
    private readonly Argument<string?> _port;

    public PortCommand()
        : base("port", "CONTAINER [PORT[/PROTOCOL]]", "List a container's published ports")
    {
        _container = One("CONTAINER");
        _port = new Argument<string?>("PORT") { Arity = ArgumentArity.ZeroOrOne };
        Add(_port);
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var name = call.Get(_container);
        var inspected = await call.Services.Containers.InspectAsync(
            new InspectRequest { Container = name }, cancellationToken: cancellationToken);
        var published = inspected.Container.Ports.Where(p => p.HostPort != 0);
        if (call.Get(_port) is not { } asked)
        {
            foreach (var port in published)
                await call.Out.WriteLineAsync($"{port.ContainerPort}/{port.Protocol} -> {PortSyntax.Format(port)}");
            return ExitCodes.Success;
        }

        var wanted = asked.Contains('/') ? asked : $"{asked}/tcp";
        var found = published.Where(p => $"{p.ContainerPort}/{p.Protocol}" == wanted).ToList();
        if (found.Count == 0)
            throw new SuiteException(ErrorKind.NotFound, $"container {name} does not publish port {wanted}; see \"suite port {name}\"");
        foreach (var port in found)
            await call.Out.WriteLineAsync(PortSyntax.Format(port));
        return ExitCodes.Success;
    }
}
