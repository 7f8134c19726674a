using System.CommandLine;
using Grpc.Core;
using Suite.Cli.Endpoints;
using Suite.Cli.Output;

namespace Suite.Cli.Commands;

/// <summary>One command under way: what was asked, and what it needs to answer. Connections are made when first used.</summary>
internal sealed class Invocation(ParseResult parsed, Session session, Interruption interruption) : IDisposable
{
    private ServiceClients? _services;

    public Session Session => session;

    public TextWriter Out => session.Out;

    public TextWriter Error => session.Error;

    public Interruption Interruption => interruption;

    public SocketFolder Sockets { get; } = SocketFolder.From(
        parsed.GetValue(GlobalOptions.Host), parsed.GetValue(GlobalOptions.Run), session.Environment);

    public ServiceClients Services => _services ??= new ServiceClients(Sockets);

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    /// <summary>For a flag that is on unless it is said to be off.</summary>
    public bool GetOr(Option<bool> flag, bool otherwise) => Has(flag) ? Get(flag) : otherwise;

    public bool Has(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>
    /// Does the same for each of several names. One that fails does not keep the others from their turn; the exit code is 1 then.
    /// </summary>
    public async Task<int> ForEachAsync(IEnumerable<string> names, Func<string, Task<string>> action)
    {
        var exitCode = ExitCodes.Success;
        foreach (var name in names)
        {
            try
            {
                await Out.WriteLineAsync(await action(name));
                await Out.FlushAsync();
            }
            catch (Exception e) when (!EndsAll(e) && Failures.Describe(e) is { } sentence)
            {
                await Error.WriteLineAsync($"suite: {sentence}");
                exitCode = ExitCodes.Failure;
            }
        }

        return exitCode;
    }

    /// <summary>Without the service, or after control-C, the others would fail in the same way.</summary>
    private bool EndsAll(Exception e) =>
        interruption.Token.IsCancellationRequested || e is RpcException { StatusCode: StatusCode.Unavailable };

    public void Dispose() => _services?.Dispose();
}
