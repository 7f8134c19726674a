using Grpc.Core;
using Suite.Cli.Output;
using Suite.Cli.Streams;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

/// <summary>Starts a container, and stays with it where asked to.</summary>
internal static class ContainerStart
{
    /// <returns>Zero, or the code that says why the command could not be run; the reason is on the error stream then.</returns>
    public static async Task<int> DetachedAsync(Invocation call, string container, CancellationToken cancellationToken)
    {
        try
        {
            await call.Services.Containers.StartAsync(new StartRequest { Container = container }, cancellationToken: cancellationToken);
            return ExitCodes.Success;
        }
        catch (RpcException e) when (CodeOf(e) is { } code)
        {
            await call.Error.WriteLineAsync($"suite: {e.Status.Detail}");
            return code;
        }
    }

    /// <returns>The exit code of the container's process, or why it could not be run.</returns>
    public static async Task<int> AttachedAsync(
        Invocation call, string container, AttachWish wish, CancellationToken cancellationToken)
    {
        var containers = call.Services.Containers;
        using var streams = await AttachedStreams.OpenAsync(
            containers, new AttachOptions { Container = container, Stdin = wish.Stdin, Size = TerminalResizes.Of(wish.Streams, wish.Tty) }, cancellationToken);
        using var signals = new SignalForwarding(call.Interruption, containers, container);
        var failure = ExitCodes.Success;
        var foreground = new Foreground(wish.Streams, streams, wish.Stdin, wish.Tty, wish.Keys);
        var exitCode = await foreground.RunAsync(
            async token =>
            {
                failure = await DetachedAsync(call, container, token);
                return failure == ExitCodes.Success;
            },
            wish.Tty || !wish.Signals ? null : signals.Begin,
            cancellationToken);
        if (failure != ExitCodes.Success || foreground.Detached)
            return failure;
        return exitCode ?? throw new SuiteException(
            ErrorKind.Unavailable,
            $"lost the connection to container {container}: suite-runtime stopped, the container goes on; see \"suite ps\" when it is back");
    }

    /// <summary>The contract of Start: a command that is not there is NOT_FOUND, one that cannot be executed PERMISSION_DENIED.</summary>
    private static int? CodeOf(RpcException e) => e.StatusCode switch
    {
        StatusCode.NotFound => ExitCodes.CommandNotFound,
        StatusCode.PermissionDenied => ExitCodes.CannotExecute,
        _ => null,
    };
}

/// <summary>How a person is connected with a container.</summary>
/// <param name="Streams">The person's own, or of those some.</param>
/// <param name="Signals">Those that reach this process are passed on, unless the terminal's keys are.</param>
internal sealed record AttachWish(StandardStreams Streams, bool Stdin, bool Tty, DetachKeys Keys, bool Signals);
