namespace Suite.Registry.Limits;

/// <summary>"limits" in registry.json.</summary>
internal sealed class LimitOptions
{
    /// <summary>Requests a second of one caller, by name or by address. 0: as many as come.</summary>
    public double RequestsPerSecond { get; set; }

    /// <summary>Requests that change something, a second of one caller. 0: as many as come.</summary>
    public double ChangesPerSecond { get; set; }

    /// <summary>How many seconds' worth may come at once.</summary>
    public double BurstSeconds { get; set; } = 10;

    /// <summary>Failed logins a minute from one address. 0: as many as come.</summary>
    public double FailedLoginsPerMinute { get; set; } = 30;

    /// <summary>Connections at the same time. 0: as many as come.</summary>
    public int Connections { get; set; }

    /// <summary>Bytes a second below which a sender is cut off, after five seconds; 0: never.</summary>
    public double SlowestUpload { get; set; } = 240;

    /// <summary>Bytes a second below which a reader is cut off, looked at every 256 KiB: who takes nothing goes after a minute. 0: never.</summary>
    public double SlowestDownload { get; set; } = 4096;
}
