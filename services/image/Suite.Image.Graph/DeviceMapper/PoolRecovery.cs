using Suite.Linux.Errors;

namespace Suite.Image.Graph.DeviceMapper;

/// <summary>
/// What to make of the records that a killed process or a power cut left beside a pool. A device is made in four steps: its number is
/// written down with the transaction id that will follow; the pool makes it; the pool is told that id, which is the commit; and when it
/// has content, its record gets its name. So a record with a higher id than the pool's tells of a device that never was.
/// </summary>
internal static class PoolRecovery
{
    /// <param name="planned">The last id that was written down; null where nothing ever was.</param>
    /// <returns>The names of records to delete, with their devices.</returns>
    /// <exception cref="SuiteException">The pool is not the one that the records are of.</exception>
    public static IReadOnlyList<string> Plan(IReadOnlyDictionary<string, DeviceRecord> records, ulong? planned, ulong pool, string poolName)
    {
        if (planned is null && pool != 0)
            throw new SuiteException(
                ErrorKind.FailedPrecondition, $"The thin pool {poolName} has the transaction id {pool}: somebody else uses it. Give Suite a pool of its own.");
        if (planned is { } id && pool != id && pool + 1 != id)
            throw new SuiteException(
                ErrorKind.FailedPrecondition,
                $"The thin pool {poolName} has the transaction id {pool} where the records say {id}: {(pool > id ? "somebody else uses it" : "it is an older copy")}. Bring back the right pool, or remove the driver's folder and pull the images again.");
        return [.. records.Where(r => r.Value.Transaction > pool || DeviceRecords.IsDraft(r.Key) || DeviceRecords.IsTrash(r.Key)).Select(r => r.Key).Order(StringComparer.Ordinal)];
    }
}
