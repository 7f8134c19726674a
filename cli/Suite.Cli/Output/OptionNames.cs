using System.Text.RegularExpressions;

namespace Suite.Cli.Output;

/// <summary>
/// The services name what is wrong by the field of a message, as callers in any language want it; a person has typed an option.
/// </summary>
internal static partial class OptionNames
{
    private static readonly Dictionary<string, string> ByField = new(StringComparer.Ordinal)
    {
        ["add_capabilities"] = "--cap-add",
        ["drop_capabilities"] = "--cap-drop",
        ["options.env"] = "--env",
        ["pod.sysctls"] = "--sysctl",
        ["signal"] = "--signal",
        ["spec.address"] = "--ip",
        ["spec.apparmor"] = "--security-opt apparmor",
        ["spec.devices"] = "--device",
        ["spec.dns"] = "--dns",
        ["spec.dns_options"] = "--dns-option",
        ["spec.dns_search"] = "--dns-search",
        ["spec.env"] = "--env",
        ["spec.exposed_ports"] = "--expose",
        ["spec.extra_hosts"] = "--add-host",
        ["spec.groups"] = "--group-add",
        ["spec.hostname"] = "--hostname",
        ["spec.init"] = "--init",
        ["spec.ipc_mode"] = "--ipc",
        ["spec.links"] = "--link",
        ["spec.mounts"] = "--volume",
        ["spec.name"] = "--name",
        ["spec.networks"] = "--network",
        ["spec.oom_score_adj"] = "--oom-score-adj",
        ["spec.pid_mode"] = "--pid",
        ["spec.ports"] = "--publish",
        ["spec.restart"] = "--restart",
        ["spec.seccomp"] = "--security-opt seccomp",
        ["spec.selinux_label"] = "--security-opt label",
        ["spec.shm_bytes"] = "--shm-size",
        ["spec.sysctls"] = "--sysctl",
        ["spec.tmpfs"] = "--tmpfs",
        ["spec.ulimits"] = "--ulimit",
        ["spec.user_mode"] = "--userns",
        ["stop_signal"] = "--stop-signal",
    };

    /// <summary>"spec.pid_mode: x is none of …" is "cannot use --pid: x is none of …".</summary>
    public static string InPlaceOfField(string sentence) =>
        Field().Match(sentence) is { Success: true } match && ByField.TryGetValue(match.Groups[1].Value, out var option)
            ? $"cannot use {option}: {sentence[match.Length..]}"
            : sentence;

    // The field, its place in a list or its key in a map, and a field in that.
    [GeneratedRegex(@"^([a-z_]+(?:\.[a-z_]+)?)(?:\[[^\]]*\])?(?:\.[a-z_]+)*: ")]
    private static partial Regex Field();
}
