namespace Suite.Hosting;

/// <summary>The settings that every service's file may hold.</summary>
internal sealed class SharedOptions
{
    /// <summary>trace, debug, info, warn, error or none. --log-level wins.</summary>
    public string LogLevel { get; set; } = "info";

    /// <summary>text or json.</summary>
    public string LogFormat { get; set; } = "text";

    /// <summary>User ids that may connect beside the service's own.</summary>
    public IList<uint> AllowedUsers { get; } = [];
}
