using System.Globalization;
using Suite.Linux.Errors;

namespace Suite.Image.Graph.DeviceMapper;

/// <summary>A thin pool's status line (Documentation/admin-guide/device-mapper/thin-provisioning.rst, "Status"); in blocks.</summary>
internal sealed record PoolStatus(ulong TransactionId, ulong UsedMetadata, ulong TotalMetadata, ulong UsedData, ulong TotalData, string Mode)
{
    /// <summary>The kernel's metadata blocks are of one size.</summary>
    public const ulong MetadataBlock = 4096;

    /// <summary>"1 137/262144 5/163840 - rw discard_passdown queue_if_no_space - 1024"</summary>
    /// <exception cref="SuiteException">The pool has failed, or the line is none of a pool.</exception>
    public static PoolStatus Parse(string line, string pool)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is ["Fail", ..] or ["Error", ..])
            throw new SuiteException(ErrorKind.FailedPrecondition, $"The thin pool {pool} has failed: stop its users and repair its metadata with thin_repair(8).");
        if (words.Length >= 5 && ulong.TryParse(words[0], CultureInfo.InvariantCulture, out var transaction) && Pair(words[1]) is var (usedMetadata, totalMetadata)
            && Pair(words[2]) is var (usedData, totalData))
            return new PoolStatus(transaction, usedMetadata, totalMetadata, usedData, totalData, words[4]);
        throw new SuiteException(ErrorKind.FailedPrecondition, $"The device {pool} is no thin pool: its status is '{line}'.");
    }

    public bool IsWritable => Mode == "rw";

    private static (ulong Used, ulong Total)? Pair(string word) =>
        word.Split('/') is [var used, var total] && ulong.TryParse(used, CultureInfo.InvariantCulture, out var a) && ulong.TryParse(total, CultureInfo.InvariantCulture, out var b)
            ? (a, b)
            : null;
}
