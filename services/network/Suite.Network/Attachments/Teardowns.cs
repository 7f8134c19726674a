using System.Threading.Channels;
using Suite.Linux.Errors;
using Suite.Network.Bridge;
using Suite.Network.Bridge.Links;

namespace Suite.Network.Attachments;

/// <summary>
/// Takes links and namespaces of detached sandboxes from the kernel, a moment after whoever detached them has his answer: the kernel waits
/// for its processors there (synchronize_net), and nobody reaches the sandbox by a port any more. Until it is done the row says
/// "Detaching", so a process that is killed meanwhile leaves the rest to the next. Nothing new is attached before it is done.
/// </summary>
internal sealed partial class Teardowns : IDisposable
{
    private static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly BridgeDriver _driver;
    private readonly AttachmentStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<Teardowns> _logger;
    private readonly Lock _lock = new();
    private readonly Lock _working = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Task _work;
    private List<Teardown> _pending = [];

    public Teardowns(BridgeDriver driver, AttachmentStore store, TimeProvider time, ILogger<Teardowns> logger)
    {
        (_driver, _store, _time, _logger) = (driver, store, time, logger);
        _work = Task.Run(WorkAsync);
    }

    private sealed record Teardown(AttachmentRecord Attachment, SandboxNetwork? Sandbox);

    /// <param name="sandbox">What is to be taken down; its ports are somebody else's by then. Null: nothing.</param>
    public void Add(AttachmentRecord attachment, SandboxNetwork? sandbox)
    {
        lock (_lock)
        {
            _pending.Add(new Teardown(attachment, sandbox is null ? null : sandbox with { Ports = [] }));
        }

        _wake.Writer.TryWrite(true);
    }

    /// <summary>Finishes what there is to do now. What cannot be done is tried again later.</summary>
    public void Settle()
    {
        lock (_working)
        {
            List<Teardown> all;
            lock (_lock)
            {
                (all, _pending) = (_pending, []);
            }

            foreach (var teardown in all)
            {
                Finish(teardown);
            }
        }
    }

    public void Dispose()
    {
        _wake.Writer.TryComplete();
        _work.GetAwaiter().GetResult();
        Settle();
    }

    private void Finish(Teardown teardown)
    {
        try
        {
            if (teardown.Sandbox is not null)
            {
                _driver.Detach(teardown.Sandbox);
            }

            _store.WriteOff(teardown.Attachment, _time.GetUtcNow());
        }
        catch (SuiteException e)
        {
            NotFinished(teardown.Attachment.Name, e.Message);
            lock (_lock)
            {
                _pending.Add(teardown);
            }
        }
    }

    private async Task WorkAsync()
    {
        await foreach (bool _ in _wake.Reader.ReadAllAsync())
        {
            await Task.Delay(Courtesy, _time);
            Settle();
            bool isLeft;
            lock (_lock)
            {
                isLeft = _pending.Count > 0;
            }

            if (isLeft && !_wake.Reader.Completion.IsCompleted)
            {
                await Task.Delay(RetryAfter, _time);
                _wake.Writer.TryWrite(true);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Name} is detached, but something of it cannot be removed yet: {Problem}. It is tried again in a second")]
    private partial void NotFinished(string name, string problem);
}
