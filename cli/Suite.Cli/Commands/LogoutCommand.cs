using System.CommandLine;
using Suite.Cli.Registries;
using Suite.Oci.References;

namespace Suite.Cli.Commands;

internal sealed class LogoutCommand : SuiteCommand
{
    private readonly Argument<string?> _registry;

    public LogoutCommand()
        : base("logout", "[REGISTRY]", "Forget the password of a registry")
    {
        _registry = new Argument<string?>("REGISTRY") { Arity = ArgumentArity.ZeroOrOne };
        Add(_registry);
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var host = RegistryHost.OfAddress(call.Get(_registry) ?? Reference.DefaultHost);
        var config = DockerConfig.Open(call.Session.Environment);
        var erased = config.HelperFor(host) is { Length: > 0 } helper && await CredentialProgram.EraseAsync(helper, DockerConfig.ServerOf(host), cancellationToken);
        var removed = config.Remove(host) || erased;
        await call.Out.WriteLineAsync(removed ? $"Removed the login for {host}" : $"Not logged in to {host}");
        return ExitCodes.Success;
    }
}
