using System.Net;
using System.Numerics;
using Suite.Linux.Errors;
using Suite.Network.Bridge.Links;

namespace Suite.Network.Bridge.Ipam;

/// <summary>
/// The addresses of one subnet, a bit each; of a large one of IPv6, the first 65,536. They are given in turn, not lowest first, and a released one rests for a while:
/// neighbours and connection tracking still remember who had it. Safe for use by several threads; it forgets when the process
/// ends, so its owner records what it gives and tells it again.
/// </summary>
public sealed class AddressPool
{
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly string _network;
    private readonly IpSubnet _subnet;
    private readonly IpSubnet _range;
    private readonly TimeProvider _time;
    private readonly ulong[] _taken;
    private readonly LinkedList<(uint Offset, DateTimeOffset ReleasedAt)> _resting = new();
    private readonly HashSet<UInt128> _beyond = []; // asked for by number, past what has a bit
    private uint _cursor;
    private int _inUse;

    /// <param name="network">The network's name, for errors.</param>
    /// <param name="range">The part of the subnet that addresses are taken from.</param>
    /// <param name="reserved">Never given: the gateway.</param>
    public AddressPool(string network, IpSubnet subnet, IpSubnet range, IEnumerable<IPAddress> reserved, TimeProvider time)
    {
        if (!subnet.Contains(range))
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"the range {range} is not inside the subnet {subnet} of network {network}");
        }

        (_network, _subnet, _range, _time) = (network, subnet, range, time);
        _taken = new ulong[(Size + 63) / 64];
        // The first address names the network (RFC 4291, 2.6.1: of IPv6 it is any router's), the last one of IPv4 means everybody.
        UInt128[] never = [.. reserved.Select(IpSubnet.Number), subnet.First, subnet.Last];
        foreach (var address in never.Where(address => range.Contains(range.ToAddress(address))))
        {
            if (OffsetOf(address) is { } offset)
            {
                Mark(offset);
            }
            else
            {
                _beyond.Add(address);
            }
        }

        for (uint beyond = Size; beyond % 64 != 0; beyond++)
        {
            Mark(beyond); // the last word's bits that stand for no address
        }
    }

    private const uint MostOfIpv6 = 1 << 16;

    private uint Size => (uint)UInt128.Min(_range.Last - _range.First + 1, _range.IsIpv6 ? MostOfIpv6 : uint.MaxValue);

    /// <summary>How many addresses are given at present.</summary>
    public int InUse
    {
        get
        {
            lock (_lock)
            {
                return _inUse;
            }
        }
    }

    /// <summary>The next free address; when there is none, the one that has rested longest.</summary>
    public IPAddress Take()
    {
        lock (_lock)
        {
            WakeRested();
            if (FindFree() is { } offset)
            {
                Mark(offset);
            }
            else if (_resting.First is { } oldest)
            {
                offset = oldest.Value.Offset;
                _resting.RemoveFirst();
            }
            else
            {
                throw new SuiteException(
                    ErrorKind.ResourceExhausted,
                    $"network {_network} has no free address left in {_range}: all {_inUse} are in use. Remove sandboxes, or make a network with a larger subnet");
            }

            _cursor = offset + 1;
            _inUse++;
            return _range.At(offset);
        }
    }

    /// <summary>Takes an address that was asked for, or that a record says is in use. A resting one may be asked for.</summary>
    public void Take(IPAddress address)
    {
        if (!_subnet.Contains(address))
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"{address} is not in the subnet {_subnet} of network {_network}");
        }

        if (!_range.Contains(address))
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"{address} is not in the range {_range} from which network {_network} gives addresses");
        }

        lock (_lock)
        {
            if (!TryMark(IpSubnet.Number(address)))
            {
                throw new SuiteException(ErrorKind.AlreadyExists, $"{address} of network {_network} is in use; ask for another one or for none");
            }

            _inUse++;
        }
    }

    /// <summary>Gives an address back, to rest from now on.</summary>
    public void Release(IPAddress address)
    {
        lock (_lock)
        {
            if (OffsetOf(IpSubnet.Number(address)) is { } offset)
            {
                _resting.AddLast((offset, _time.GetUtcNow()));
            }
            else
            {
                _beyond.Remove(IpSubnet.Number(address));
            }

            _inUse--;
        }
    }

    /// <summary>Lets an address rest that was released at <paramref name="releasedAt"/>, before this process started.</summary>
    public void ResumeRest(IPAddress address, DateTimeOffset releasedAt)
    {
        lock (_lock)
        {
            if (_range.Contains(address) && OffsetOf(IpSubnet.Number(address)) is { } offset && !IsMarked(offset))
            {
                Mark(offset);
                _resting.AddLast((offset, releasedAt));
            }
        }
    }

    private bool TryMark(UInt128 address)
    {
        if (OffsetOf(address) is not { } offset)
        {
            return _beyond.Add(address);
        }

        if (IsMarked(offset))
        {
            return Wake(offset);
        }

        Mark(offset);
        return true;
    }

    private uint? OffsetOf(UInt128 address) => address - _range.First is var offset && offset < Size ? (uint)offset : null;

    private void WakeRested()
    {
        var due = _time.GetUtcNow() - Rest;
        while (_resting.First is { } oldest && oldest.Value.ReleasedAt <= due)
        {
            Clear(oldest.Value.Offset);
            _resting.RemoveFirst();
        }
    }

    private bool Wake(uint offset)
    {
        for (var node = _resting.First; node is not null; node = node.Next)
        {
            if (node.Value.Offset == offset)
            {
                _resting.Remove(node);
                return true;
            }
        }

        return false;
    }

    /// <summary>The first clear bit from the cursor on, a word at a time, once around.</summary>
    private uint? FindFree()
    {
        uint start = _cursor % Size;
        int words = _taken.Length;
        for (int i = 0; i <= words; i++)
        {
            int word = (int)((start / 64 + i) % words);
            ulong free = ~_taken[word];
            if (i == 0)
            {
                free &= ulong.MaxValue << (int)(start % 64);
            }

            if (free != 0)
            {
                return (uint)(word * 64 + BitOperations.TrailingZeroCount(free));
            }
        }

        return null;
    }

    private bool IsMarked(uint offset) => (_taken[offset / 64] & 1UL << (int)(offset % 64)) != 0;

    private void Mark(uint offset) => _taken[offset / 64] |= 1UL << (int)(offset % 64);

    private void Clear(uint offset) => _taken[offset / 64] &= ~(1UL << (int)(offset % 64));
}
