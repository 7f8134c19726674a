using Grpc.Core;
using Suite.Container.V1;

namespace Suite.Cli.Streams;

/// <summary>Passes the signals that this process receives on to a container that runs in the foreground.</summary>
internal sealed class SignalForwarding(Interruption interruption, Containers.ContainersClient containers, string container) : IDisposable
{
    // A container may ignore the signal, as its first process ignores what it has no handler for (pid_namespaces(7)): the
    // third control-C leaves it behind and ends the CLI.
    private const int Patience = 2;

    private const int SIGINT = 2;

    private int _interrupts;

    public void Begin() => interruption.PassTo(Take);

    public void Dispose() => interruption.PassTo(null);

    private bool Take(int signal)
    {
        if (signal == SIGINT && ++_interrupts > Patience)
            return false;
        _ = SendAsync(signal);
        return true;
    }

    private async Task SendAsync(int signal)
    {
        try
        {
            await containers.KillAsync(new KillRequest { Container = container, Signal = $"{signal}" });
        }
        catch (RpcException)
        {
            // It has just ended, or its service has: the attached streams say which.
        }
    }
}
