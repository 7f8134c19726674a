using Suite.Linux.Errors;
using Suite.Network.V1;

namespace Suite.Cli.Commands;

/// <summary>Finds the sandbox of a container: the network knows it by the container's name.</summary>
internal static class ContainerSandbox
{
    public static async Task<string> FindAsync(Invocation call, string reference, CancellationToken cancellationToken)
    {
        var container = await call.Services.Containers.InspectAsync(new Container.V1.InspectRequest { Container = reference }, cancellationToken: cancellationToken);
        var name = container.Container.Name;
        var attachments = await call.Services.Network.ListAttachmentsAsync(new ListAttachmentsRequest(), cancellationToken: cancellationToken);
        return attachments.Attachments.FirstOrDefault(attachment => attachment.SandboxName == name)?.SandboxId
            ?? throw new SuiteException(ErrorKind.FailedPrecondition, $"container {reference} is on no network now: it must run, and not with the host's network");
    }
}
