using System.Globalization;

namespace Suite.Image.Graph.DeviceMapper;

/// <summary>What <c>suite info</c> prints about a pool, with the names that <c>docker info</c> has for it.</summary>
internal static class PoolFigures
{
    public static IReadOnlyList<(string Name, string Value)> Of(ThinPool pool, PoolStatus status, DeviceMapperOptions options, DeviceFilesystem filesystem)
    {
        var block = (ulong)pool.BlockBytes;
        var figures = new List<(string, string)>
        {
            ("Pool Name", pool.Name),
            ("Pool Blocksize", Size(block)),
            ("Base Device Size", Size((ulong)options.BaseBytes)),
            ("Backing Filesystem", filesystem.Name),
            ("Data Space Used", Size(status.UsedData * block)),
            ("Data Space Total", Size(status.TotalData * block)),
            ("Data Space Available", Size((status.TotalData - status.UsedData) * block)),
            ("Metadata Space Used", Size(status.UsedMetadata * PoolStatus.MetadataBlock)),
            ("Metadata Space Total", Size(status.TotalMetadata * PoolStatus.MetadataBlock)),
            ("Metadata Space Available", Size((status.TotalMetadata - status.UsedMetadata) * PoolStatus.MetadataBlock)),
            ("Thin Pool Minimum Free Space", Size(status.TotalData * block * (ulong)options.MinimumFreePercent / 100)),
            ("Transaction Id", status.TransactionId.ToString(CultureInfo.InvariantCulture)),
            ("Udev Sync Supported", "false"),
            ("Deferred Removal Enabled", "true"),
            ("Deferred Deletion Enabled", "true"),
        };
        if (pool.IsOwn)
        {
            figures.Add((pool.IsOnFiles ? "Data loop file" : "Data file", pool.DataFile));
            figures.Add((pool.IsOnFiles ? "Metadata loop file" : "Metadata file", pool.MetadataFile));
        }

        return figures;
    }

    /// <summary>As Docker prints sizes: powers of 1000, four digits.</summary>
    internal static string Size(ulong bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB"];
        double value = bytes;
        var unit = 0;
        for (; value >= 1000 && unit < units.Length - 1; unit++) value /= 1000;
        return value.ToString("G4", CultureInfo.InvariantCulture) + units[unit];
    }
}
