namespace Suite.Runtime.Oci.CommandLines;

/// <summary>The options a command knows: those that stand alone, and those that take a value. A short name follows the long one.</summary>
internal sealed record OptionNames(IReadOnlyList<string> Flags, IReadOnlyList<string> Values)
{
    public static readonly OptionNames None = new([], []);

    /// <summary>Those before the command.</summary>
    public static readonly OptionNames Global = new(
        ["debug", "systemd-cgroup", "help|h", "version|v"], ["root", "log", "log-format", "criu", "rootless"]);

    /// <returns>The long name, and whether a value follows; null when there is no such option.</returns>
    public (string Name, bool TakesValue)? Find(string name)
    {
        foreach (var flag in Flags)
        {
            if (flag.Split('|').Contains(name))
                return (flag.Split('|')[0], false);
        }

        foreach (var value in Values)
        {
            if (value.Split('|').Contains(name))
                return (value.Split('|')[0], true);
        }

        return null;
    }
}
