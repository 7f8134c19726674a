using System.Net;
using System.Net.Sockets;

namespace Suite.Network.Names;

/// <summary>Decides what a query is answered: from the directory, by somebody else, or not at all.</summary>
internal sealed class NameResolver(NameDirectory directory, NameForwarder forwarder, ServedAddresses served)
{
    /// <returns>The answer; null when the message deserves none.</returns>
    public Task<byte[]?> AnswerAsync(ReadOnlyMemory<byte> query, IPAddress client, bool overTcp, CancellationToken cancellationToken)
    {
        if (DnsMessage.Read(query.Span, out var refusal) is not { } question)
        {
            return Task.FromResult(refusal is { } code ? DnsAnswer.Failure(query.Span, code) : null);
        }

        // The bridge's address can be asked from elsewhere on the host; who is on no network of ours has nothing to ask here.
        if (directory.ClientAt(client) is not { } known)
        {
            return Task.FromResult<byte[]?>(DnsAnswer.Failure(query.Span, question, DnsCode.Refused));
        }

        int limit = overTcp ? ushort.MaxValue : question.PayloadBytes;
        return Local(query.Span, question, known, limit) is { } answer
            ? Task.FromResult<byte[]?>(answer)
            : ForwardAsync(query, question, known, overTcp, cancellationToken);
    }

    private byte[]? Local(ReadOnlySpan<byte> query, DnsQuestion question, NameClient client, int limit)
    {
        if (question.Class != DnsQuestion.Internet)
        {
            return DnsAnswer.Failure(query, question, DnsCode.NotImplemented);
        }

        if (directory.Find(client, question.Name) is { } addresses)
        {
            // Names are ours whatever is asked about them: a type that we have nothing of is an empty answer, not somebody else's.
            return DnsAnswer.Addresses(query, question, addresses.Where(address => IsAsked(address, question.Type)), limit);
        }

        if (question.Type == DnsQuestion.Ptr && DnsName.ReverseAddress(question.Name) is { } reversed && directory.Find(client, reversed) is { } name)
        {
            return DnsAnswer.Name(query, question, name, limit);
        }

        // A name of one label is nobody's outside: asking would tell strangers what our containers look for.
        return question.Name.Contains('.', StringComparison.Ordinal) && client.CanForward ? null : DnsAnswer.Failure(query, question, DnsCode.NameError);
    }

    private async Task<byte[]?> ForwardAsync(ReadOnlyMemory<byte> query, DnsQuestion question, NameClient client, bool overTcp, CancellationToken cancellationToken) =>
        await forwarder.AskAsync(query, client, overTcp, served.All, cancellationToken) ?? DnsAnswer.Failure(query.Span, question, DnsCode.ServerFailure);

    private static bool IsAsked(IPAddress address, ushort type) =>
        type == DnsQuestion.Any || type == (address.AddressFamily == AddressFamily.InterNetworkV6 ? DnsQuestion.Aaaa : DnsQuestion.A);
}
