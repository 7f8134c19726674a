using Suite.Linux.Errors;

namespace Suite.Image.Graph.DeviceMapper;

/// <summary>
/// Keeps room in a pool: one that is full makes every container that writes wait, and after a minute fail. So a pool on files grows
/// before, and nothing new is made when it is short.
/// </summary>
internal sealed class PoolRoom(ThinPool pool, DeviceMapperOptions options)
{
    private readonly Lock _growing = new();

    /// <exception cref="SuiteException">ResourceExhausted: there is less free than the least that is to stay free.</exception>
    public void Require()
    {
        Watch();
        var status = pool.Status();
        if (!status.IsWritable)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"The thin pool {pool.Name} is in the mode {status.Mode}: nothing can be written to it. Look at the kernel's log, and repair it with thin_repair(8).");
        Require("data", status.UsedData, status.TotalData);
        Require("metadata", status.UsedMetadata, status.TotalMetadata);
    }

    /// <summary>Grows the pool if it is short and can.</summary>
    public void Watch()
    {
        lock (_growing)
        {
            while (pool.Status() is var status && FreePercent(status.UsedData, status.TotalData) < (ulong)options.LowWaterPercent && pool.TryGrow()) { }
        }
    }

    private void Require(string what, ulong used, ulong total)
    {
        var free = FreePercent(used, total);
        if (free < (ulong)options.MinimumFreePercent)
            throw new SuiteException(
                ErrorKind.ResourceExhausted,
                $"The thin pool {pool.Name} has {free} % of its {what} space free, and {options.MinimumFreePercent} % are to stay free: remove images or containers, or make the pool larger.");
    }

    private static ulong FreePercent(ulong used, ulong total) => total == 0 ? 0 : (total - used) * 100 / total;
}
