using System.CommandLine;
using Suite.Cli.Registries;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Cli.Commands;

internal sealed class LoginCommand : SuiteCommand
{
    private readonly Option<string?> _user;
    private readonly Option<string?> _password;
    private readonly Option<bool> _passwordStdin;
    private readonly Option<string?> _authority;
    private readonly Option<bool> _plainHttp;
    private readonly Argument<string?> _registry;

    public LoginCommand()
        : base("login", "[OPTIONS] [REGISTRY]", "Log in to a registry")
    {
        _user = Text("--username", "NAME", "User name", "-u");
        _password = Text("--password", "PASSWORD", "Password; others see it in the list of processes, so rather use --password-stdin", "-p");
        _passwordStdin = Flag("--password-stdin", "Read the password from standard input");
        _authority = Text("--ca", "FILE", "PEM file of the authority that vouches for the registry");
        _plainHttp = Flag("--plain-http", "Speak HTTP without TLS: anybody between can read the password");
        _registry = new Argument<string?>("REGISTRY") { Arity = ArgumentArity.ZeroOrOne };
        Add(_registry);
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var host = RegistryHost.Check(call.Get(_registry) ?? Reference.DefaultHost);
        var config = DockerConfig.Open(call.Session.Environment);
        if (call.Get(_password) is not null && call.Get(_passwordStdin))
            throw new SuiteException(ErrorKind.InvalidArgument, "--password and --password-stdin exclude each other");
        var user = call.Get(_user) ?? await PasswordPrompt.AskAsync(call.Session, "Username", hidden: false);
        var password = call.Get(_passwordStdin)
            ? await PasswordPrompt.ReadAllAsync(call.Session, cancellationToken)
            : call.Get(_password) ?? await PasswordPrompt.AskAsync(call.Session, "Password", hidden: true);
        if (user.Length == 0 || password.Length == 0)
            throw new SuiteException(ErrorKind.InvalidArgument, "user name and password must not be empty");

        var authority = call.Get(_authority);
        var address = RegistryHost.AddressOf(host, call.Get(_plainHttp), tls: authority is not null);
        using (var connection = new RegistryConnection(host, address, authority, (user, password)))
        using (var response = await connection.GetAsync("/v2/", cancellationToken))
        {
            if (!response.IsSuccessStatusCode)
                throw new SuiteException(ErrorKind.Unavailable, $"registry {host} answered {(int)response.StatusCode} {response.ReasonPhrase}: is it a registry?");
        }

        config.Set(host, user, password);
        await call.Error.WriteLineAsync($"The password is kept in {config.Path}, readable by you and by root.");
        await call.Out.WriteLineAsync("Login Succeeded");
        return ExitCodes.Success;
    }
}
