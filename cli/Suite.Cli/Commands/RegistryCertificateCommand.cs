using System.CommandLine;
using System.Globalization;
using System.Net;
using Suite.Cli.Registries;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Cli.Commands;

internal sealed class RegistryCertificateCommand : SuiteCommand
{
    private const string DefaultFolder = "/etc/suite/tls";
    private const int DefaultDays = 365;
    private const int MostDays = 3650;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Option<string?> _folder;
    private readonly Option<string?> _days;
    private readonly Argument<string[]> _names;

    public RegistryCertificateCommand()
        : base("cert", "[OPTIONS] NAME...", "Make a self-signed certificate for the names and addresses of the registry")
    {
        _folder = Text("--dir", "DIR", $"Where registry.crt and registry.key go (default: {DefaultFolder})");
        _days = Text("--days", "DAYS", "How long it is good (default: 365)");
        _names = Several("NAME");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var folder = call.Get(_folder) ?? DefaultFolder;
        var names = call.Get(_names);
        if (names.FirstOrDefault(name => !IPAddress.TryParse(name, out _) && (!ReferenceGrammar.IsHost(name) || name.Contains(':', StringComparison.Ordinal))) is { } wrong)
            throw new SuiteException(ErrorKind.InvalidArgument, $"'{wrong}' is neither a host name nor an IP address");
        var days = DefaultDays;
        if (call.Get(_days) is { } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out days) || days is < 1 or > MostDays))
            throw new SuiteException(ErrorKind.InvalidArgument, $"--days {text} is not a number from 1 to {MostDays}");

        var (certificate, key) = SelfSigned.Make(names, call.Session.Time.GetUtcNow(), days);
        Directory.CreateDirectory(folder);
        var (certificatePath, keyPath) = (Path.Combine(folder, "registry.crt"), Path.Combine(folder, "registry.key"));
        // The key first: a registry that looks in between finds that they do not fit, and looks again.
        await ReplaceAsync(keyPath, key, Private, cancellationToken);
        await ReplaceAsync(certificatePath, certificate, Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead, cancellationToken);
        await call.Out.WriteLineAsync(certificatePath);
        await call.Out.WriteLineAsync(keyPath);
        await call.Error.WriteLineAsync(
            $"Name both in registry.json as \"certificate\" and \"key\". Clients believe it with a copy of {certificatePath}: /etc/docker/certs.d/{names[0]}:PORT/ca.crt for docker, podman and skopeo, and a line ca = \"FILE\" in /etc/suite/certs.d/{names[0]}:PORT/hosts.toml for suite.");
        return ExitCodes.Success;
    }

    private static async Task ReplaceAsync(string path, string content, UnixFileMode mode, CancellationToken cancellationToken)
    {
        var next = path + ".new";
        File.Delete(next);
        await using (var file = new FileStream(next, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode }))
        await using (var writer = new StreamWriter(file))
            await writer.WriteAsync(content.AsMemory(), cancellationToken);
        File.Move(next, path, overwrite: true);
    }
}
