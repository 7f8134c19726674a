using System.CommandLine;
using Suite.Cli.Output;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class PsCommand : SuiteCommand
{
    private readonly Option<bool> _all;
    private readonly Option<bool> _quiet;
    private readonly Option<bool> _noTrunc;

    public PsCommand()
        : base("ps", "[OPTIONS]", "List containers")
    {
        _all = Flag("--all", "Those that do not run, too", "-a");
        _quiet = Flag("--quiet", "Print ids only", "-q");
        _noTrunc = Flag("--no-trunc", "Print ids and commands in full");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var list = await call.Services.Containers.ListAsync(
            new ListRequest { All = call.Get(_all) }, cancellationToken: cancellationToken);
        var whole = call.Get(_noTrunc);
        if (call.Get(_quiet))
        {
            foreach (var container in list.Containers)
                await call.Out.WriteLineAsync(whole ? container.Id : Figures.ShortId(container.Id));
            return ExitCodes.Success;
        }

        var table = new Table("CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES");
        foreach (var container in list.Containers)
        {
            table.Add(
                whole ? container.Id : Figures.ShortId(container.Id),
                container.Image,
                ContainerText.Command(container, whole),
                Figures.Ago(container.CreatedAt, call.Session.Time),
                ContainerText.Status(container, call.Session.Time),
                ContainerText.Ports(container),
                container.Name);
        }

        table.Write(call.Out, call.Session.Streams.Columns);
        return ExitCodes.Success;
    }
}
