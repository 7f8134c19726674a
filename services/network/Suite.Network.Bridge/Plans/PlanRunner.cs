using System.Collections.Immutable;
using Suite.Linux.Errors;
using Suite.Linux.Namespaces;
using Suite.Network.Bridge.Firewall;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Namespaces;
using Suite.Network.Bridge.Netlink;

namespace Suite.Network.Bridge.Plans;

/// <summary>
/// Carries out a plan, step by step, and stops at the first that fails. Undoing is not its task: whoever sets something up
/// knows the plan that takes it down again, which is the same after an error and after a crash.
/// </summary>
internal sealed class PlanRunner(NetlinkSocket host, NetlinkSocket firewall) : IPlaces
{
    private readonly NetlinkWriter _writer = new();
    private readonly Dictionary<string, int> _hostIndexes = new(StringComparer.Ordinal);
    private Dictionary<string, int> _insideIndexes = [];
    private NetlinkSocket? _inside;
    private NetworkNamespace? _sandbox;

    public NetworkNamespace Sandbox => _sandbox ?? throw Homeless();

    public int SandboxDescriptor => (int)Sandbox.Handle.DangerousGetHandle();

    /// <summary>Remembers the number of a link of the host that plans name often, so that it need not be asked for each time.</summary>
    public void Remember(string link) => _hostIndexes[link] = LinkQueries.IndexOf(host, link);

    public void Forget(string link) => _hostIndexes.Remove(link);

    public void Run(ImmutableArray<Step> plan, PreparedNamespace prepared) => Run(plan, prepared.Space, prepared.Inside, prepared.Indexes);

    public void Run(ImmutableArray<Step> plan, NetworkNamespace? sandbox = null, NetlinkSocket? inside = null, Dictionary<string, int>? insideIndexes = null)
    {
        (_sandbox, _inside, _insideIndexes) = (sandbox, inside, insideIndexes ?? []);
        try
        {
            for (int i = 0; i < plan.Length;)
            {
                if (plan[i] is ActionStep action)
                {
                    action.Apply(this);
                    i++;
                    continue;
                }

                int end = i + 1;
                while (end < plan.Length && plan[end] is MessageStep { StartsSend: false } next && next.Channel == ((MessageStep)plan[i]).Channel)
                {
                    end++;
                }

                Send(plan.AsSpan()[i..end]);
                i = end;
            }
        }
        finally
        {
            (_sandbox, _inside) = (null, null);
        }
    }

    public int IndexOf(Channel channel, string link)
    {
        if (channel == Channel.Host)
        {
            return _hostIndexes.TryGetValue(link, out int known) ? known : LinkQueries.IndexOf(host, link);
        }

        // What a plan makes inside, it names again and again; nobody else is there to change it meanwhile.
        if (!_insideIndexes.TryGetValue(link, out int index))
        {
            _insideIndexes[link] = index = LinkQueries.IndexOf(SocketOf(channel), link);
        }

        return index;
    }

    private void Send(ReadOnlySpan<Step> steps)
    {
        var channel = ((MessageStep)steps[0]).Channel;
        var socket = SocketOf(channel);
        _writer.Clear();
        uint begin = channel == Channel.Firewall ? NfTablesBatch.Begin(_writer, socket.NextSequence()) : 0;
        var sequences = new uint[steps.Length];
        for (int i = 0; i < steps.Length; i++)
        {
            sequences[i] = socket.NextSequence();
            ((MessageStep)steps[i]).Write(_writer, sequences[i], NetlinkSocket.NLM_F_REQUEST | NetlinkSocket.NLM_F_ACK, this);
        }

        if (channel == Channel.Firewall)
        {
            NfTablesBatch.End(_writer, socket.NextSequence());
        }

        var answers = new Dictionary<uint, Acknowledgement>(steps.Length);
        uint first = begin == 0 ? sequences[0] : begin;
        socket.Transact(_writer, first, steps[0].Text, answer => answers[answer.Sequence] = answer);
        if (begin != 0 && answers.TryGetValue(begin, out var whole) && whole.Errno != 0)
        {
            throw NetlinkSocket.Failed($"change the firewall ({steps[0]} and what follows)", whole);
        }

        for (int i = 0; i < steps.Length; i++)
        {
            if (!answers.TryGetValue(sequences[i], out var answer))
            {
                throw new SuiteException(ErrorKind.Internal, $"{steps[i]}: the kernel gave no answer");
            }

            if (answer.Errno != 0 && !((MessageStep)steps[i]).Forgives(answer.Errno))
            {
                throw NetlinkSocket.Failed(steps[i].Text, answer);
            }
        }
    }

    private NetlinkSocket SocketOf(Channel channel) => channel switch
    {
        Channel.Host => host,
        Channel.Firewall => firewall,
        _ => _inside ?? throw Homeless(),
    };

    private static SuiteException Homeless() =>
        new(ErrorKind.Internal, "a plan that works inside a sandbox was run without one; please report it");
}
