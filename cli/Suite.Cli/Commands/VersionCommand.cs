using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Suite.Cli.Inspection;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class VersionCommand : SuiteCommand
{
    private readonly Option<string?> _format;

    public VersionCommand()
        : base("version", "[OPTIONS]", "Print the versions of the CLI and of the services")
    {
        _format = Text("--format", "TEMPLATE", "json, or a template such as {{.Server.Version}}", "-f");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var architecture = Named(RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant());
        if (call.Get(_format) is { } format)
            return await FormatAsync(call, format, architecture, cancellationToken);

        await call.Out.WriteLineAsync(
            $"""
            Client:
              Version:     {Build.Version}
              Commit:      {Build.Commit}
              OS/Arch:     linux/{architecture}
            """);
        // What is known without the services is printed even if they are down.
        await call.Out.FlushAsync(cancellationToken);

        var (info, cri) = await ServerAsync(call, cancellationToken);
        await call.Out.WriteLineAsync(
            $"""

            Server:
              Version:     {info.Version}
              CRI:         {cri}
              OS/Arch:     linux/{Named(info.Architecture)}
              Kernel:      {info.KernelVersion}
            """);
        return ExitCodes.Success;
    }

    // As images have it.
    private static string Named(string architecture) => architecture == "x64" ? "amd64" : architecture;

    private static async Task<int> FormatAsync(Invocation call, string format, string architecture, CancellationToken cancellationToken)
    {
        var template = format == "json" ? null : new Template(format);
        var (info, cri) = await ServerAsync(call, cancellationToken);
        var document = new JsonObject
        {
            ["Client"] = new JsonObject { ["Version"] = Build.Version, ["GitCommit"] = Build.Commit, ["Os"] = "linux", ["Arch"] = architecture },
            ["Server"] = new JsonObject { ["Version"] = info.Version, ["ApiVersion"] = cri, ["Os"] = "linux", ["Arch"] = Named(info.Architecture), ["KernelVersion"] = info.KernelVersion },
        };
        await call.Out.WriteLineAsync(template?.Render(document) ?? JsonText.Line(document));
        return ExitCodes.Success;
    }

    private static async Task<(InfoResponse Info, string Cri)> ServerAsync(Invocation call, CancellationToken cancellationToken)
    {
        var info = await call.Services.Containers.InfoAsync(new InfoRequest(), cancellationToken: cancellationToken);
        var cri = await call.Services.Cri.VersionAsync(new global::Runtime.V1.VersionRequest(), cancellationToken: cancellationToken);
        return (info, cri.RuntimeApiVersion);
    }
}
