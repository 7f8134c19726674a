namespace Suite.Cli.Commands;

internal sealed class CreateCommand() : ContainerOptions("create", "Make a container without starting it")
{
    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var created = await CreateAsync(call, Read(call), cancellationToken);
        await call.Out.WriteLineAsync(created.Id);
        return ExitCodes.Success;
    }
}
