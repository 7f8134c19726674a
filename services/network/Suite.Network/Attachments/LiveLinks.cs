using System.Collections.Concurrent;

namespace Suite.Network.Attachments;

/// <summary>
/// The host's ends of links that are whole, by name: a link on its way to be, or on its way out, says much about itself that is
/// nobody's damage. Asked for every announcement of the kernel.
/// </summary>
internal sealed class LiveLinks
{
    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);

    public bool Contains(string name) => _names.ContainsKey(name);

    public void Add(AttachmentRecord attachment)
    {
        foreach (var link in attachment.Links)
        {
            _names[link.HostEnd] = true;
        }
    }

    public void Remove(IEnumerable<LinkRecord> links)
    {
        foreach (var link in links)
        {
            _names.TryRemove(link.HostEnd, out _);
        }
    }
}
