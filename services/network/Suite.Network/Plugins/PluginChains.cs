using Suite.Linux.Errors;
using Suite.Linux.Namespaces;
using Suite.Network.Attachments;

namespace Suite.Network.Plugins;

/// <summary>Connects sandboxes by CNI where an administrator has put a list of plugins, and keeps what is needed to disconnect them.</summary>
internal sealed class PluginChains(PluginFolder folder, PluginChain chain, ResultCache cache, AttachmentStore store) : IDisposable
{
    private const string Interface = "eth0";
    private const int MostAtOnce = 64;

    /// <summary>Calls that may be under way; a collection takes all of them, for it excludes every other call (SPEC.md, GC).</summary>
    private readonly SemaphoreSlim _calls = new(MostAtOnce, MostAtOnce);
    private readonly SemaphoreSlim _collection = new(1, 1);

    /// <summary>The list that rules; null when there is none.</summary>
    public PluginList? Current() => folder.Current();

    /// <summary>What is recorded before the first plugin is called.</summary>
    public AttachmentDetails Begin(PluginList list) =>
        new() { Plugins = new PluginNetwork(list.Name, Interface, Done: false, [], [], "", DnsSettings.None) };

    /// <summary>Connects. When it fails, the caller calls <see cref="DeleteAsync"/>, as it does after a crash.</summary>
    public async Task<AttachmentRecord> AddAsync(PluginList list, AttachmentRecord attachment, IReadOnlyList<PortWish> ports)
    {
        await _calls.WaitAsync(CancellationToken.None);
        try
        {
            var call = CallFor(attachment);
            var request = new CachedResult(list, null, PluginRequest.Runtime(attachment, ports), call.Arguments);
            cache.Write(attachment.Sandbox, Interface, attachment.NamespacePath, request);
            var result = await chain.AddAsync(list, call, request.Runtime);
            cache.Write(attachment.Sandbox, Interface, attachment.NamespacePath, request with { Result = result });
            var details = attachment.Details with { Plugins = PluginResult.Read(list.Name, Interface, result) };
            await store.SetDetailsAsync(attachment.Sandbox, details, CancellationToken.None);
            return attachment with { Details = details };
        }
        finally
        {
            _calls.Release();
        }
    }

    /// <summary>Disconnects, by the list that connected, whatever has become of it; of what was never begun there is nothing to take back.</summary>
    public async Task DeleteAsync(AttachmentRecord attachment)
    {
        var plugins = attachment.Details.Plugins!;
        if (cache.Read(plugins.Network, attachment.Sandbox, plugins.Interface) is not { } cached)
        {
            return;
        }

        await _calls.WaitAsync(CancellationToken.None);
        try
        {
            await chain.DeleteAsync(cached, CallFor(attachment));
            cache.Remove(plugins.Network, attachment.Sandbox, plugins.Interface);
        }
        finally
        {
            _calls.Release();
        }
    }

    public async Task CheckAsync(AttachmentRecord attachment, CancellationToken cancellationToken)
    {
        var plugins = attachment.Details.Plugins!;
        var cached = cache.Read(plugins.Network, attachment.Sandbox, plugins.Interface)
            ?? throw new SuiteException(ErrorKind.FailedPrecondition, $"what the plugins of {plugins.Network} gave {attachment.Name} is not known any more: its file in the cache is gone");
        await _calls.WaitAsync(cancellationToken);
        try
        {
            await chain.CheckAsync(cached, CallFor(attachment), cancellationToken);
        }
        catch (SuiteException e)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, e.Message, e);
        }
        finally
        {
            _calls.Release();
        }
    }

    /// <summary>Frees what the plugins of the current list hold for sandboxes that are gone.</summary>
    public async Task CollectAsync(CancellationToken cancellationToken)
    {
        if (Current() is not { } list)
        {
            return;
        }

        await _collection.WaitAsync(cancellationToken);
        int held = 0;
        try
        {
            for (; held < MostAtOnce; held++)
            {
                await _calls.WaitAsync(cancellationToken);
            }

            var valid = store.All().Where(a => a.Details.Plugins?.Network == list.Name).Select(a => (a.Sandbox, a.Details.Plugins!.Interface));
            await chain.CollectAsync(list, valid, cancellationToken);
        }
        finally
        {
            if (held > 0)
            {
                _calls.Release(held);
            }

            _collection.Release();
        }
    }

    public void Dispose()
    {
        _calls.Dispose();
        _collection.Dispose();
    }

    private static PluginCall CallFor(AttachmentRecord attachment)
    {
        // Not a pod: the same facts of what it is.
        var pod = attachment.Details.Pod ?? new PodFacts("", attachment.ShortName, attachment.Sandbox, new Dictionary<string, string>(), "");
        string path = NetworkNamespace.Exists(attachment.NamespacePath) ? attachment.NamespacePath : "";
        return new PluginCall("", attachment.Sandbox, path, Interface, PluginRequest.Arguments(attachment.Sandbox, pod));
    }
}
