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
        var host = RegistryHost.OfAddress(call.Get(_registry) ?? Reference.DefaultHost);
        var config = DockerConfig.Open(call.Session.Environment);
        if (call.Get(_password) is not null && call.Get(_passwordStdin))
            throw new SuiteException(ErrorKind.InvalidArgument, "--password and --password-stdin exclude each other");
        if (call.Get(_passwordStdin) && call.Get(_user) is null)
            throw new SuiteException(ErrorKind.InvalidArgument, "--password-stdin needs --username: nobody can be asked for it, as standard input is the password");
        if (!await HasLoginAsync(call, host, config, cancellationToken))
        {
            var (user, password) = await AskAsync(call, cancellationToken);
            await TryAsync(call, host, (user, password), cancellationToken);
            await KeepAsync(call, host, config, user, password, cancellationToken);
        }

        await call.Out.WriteLineAsync("Login Succeeded");
        return ExitCodes.Success;
    }

    /// <summary>Who says nothing but the registry means the login that is there, if the registry still takes it.</summary>
    private async Task<bool> HasLoginAsync(Invocation call, string host, DockerConfig config, CancellationToken cancellationToken)
    {
        if (call.Get(_user) is not null || call.Get(_password) is not null || call.Get(_passwordStdin)
            || await RegistryLogin.OfAsync(host, config, cancellationToken) is not { Password.Length: > 0 } known)
            return false;
        await call.Error.WriteLineAsync($"Logging in as {known.Username} with the password that is kept; \"suite logout {host}\" forgets it");
        try
        {
            await TryAsync(call, host, (known.Username, known.Password), cancellationToken);
            return true;
        }
        catch (SuiteException e) when (e.Kind == ErrorKind.Unauthenticated && call.Session.Streams.InputIsTerminal)
        {
            await call.Error.WriteLineAsync($"suite: {e.Message}");
            return false;
        }
    }

    private async Task<(string User, string Password)> AskAsync(Invocation call, CancellationToken cancellationToken)
    {
        var user = call.Get(_user) ?? await PasswordPrompt.AskAsync(call.Session, "Username", hidden: false);
        var password = call.Get(_passwordStdin)
            ? await PasswordPrompt.ReadAllAsync(call.Session, cancellationToken)
            : call.Get(_password) ?? await PasswordPrompt.AskAsync(call.Session, "Password", hidden: true);
        return user.Length > 0 && password.Length > 0
            ? (user, password)
            : throw new SuiteException(ErrorKind.InvalidArgument, "user name and password must not be empty");
    }

    private async Task TryAsync(Invocation call, string host, (string User, string Password) credentials, CancellationToken cancellationToken)
    {
        var authority = call.Get(_authority);
        var address = RegistryHost.AddressOf(host, call.Get(_plainHttp), tls: authority is not null);
        using var connection = new RegistryConnection(host, address, authority, credentials);
        using var response = await connection.GetAsync("/v2/", cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new SuiteException(ErrorKind.Unavailable, $"registry {host} answered {(int)response.StatusCode} {response.ReasonPhrase}: is it a registry?");
    }

    private static async Task KeepAsync(Invocation call, string host, DockerConfig config, string user, string password, CancellationToken cancellationToken)
    {
        if (config.HelperFor(host) is { Length: > 0 } helper)
        {
            await CredentialProgram.StoreAsync(helper, DockerConfig.ServerOf(host), user, password, cancellationToken);
            config.SetKeptElsewhere(host);
            await call.Error.WriteLineAsync($"The password is kept by docker-credential-{helper}.");
            return;
        }

        config.Set(host, user, password);
        await call.Error.WriteLineAsync($"The password is kept in {config.Path}, readable by you and by root.");
    }
}
