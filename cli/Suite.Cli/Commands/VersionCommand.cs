using System.Runtime.InteropServices;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class VersionCommand() : SuiteCommand("version", "", "Print the versions of the CLI and of the services")
{
    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var architecture = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();
        await call.Out.WriteLineAsync(
            $"""
            Client:
              Version:     {Build.Version}
              Commit:      {Build.Commit}
              OS/Arch:     linux/{architecture}
            """);
        // What is known without the services is printed even if they are down.
        await call.Out.FlushAsync(cancellationToken);

        var info = await call.Services.Containers.InfoAsync(new InfoRequest(), cancellationToken: cancellationToken);
        var cri = await call.Services.Cri.VersionAsync(new global::Runtime.V1.VersionRequest(), cancellationToken: cancellationToken);
        await call.Out.WriteLineAsync(
            $"""

            Server:
              Version:     {info.Version}
              CRI:         {cri.RuntimeApiVersion}
              OS/Arch:     linux/{info.Architecture}
              Kernel:      {info.KernelVersion}
            """);
        return ExitCodes.Success;
    }
}
