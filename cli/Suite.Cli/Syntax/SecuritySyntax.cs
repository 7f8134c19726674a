using System.Text.Json;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Syntax;

/// <summary>--security-opt NAME[=VALUE]; Docker's older form with a colon is understood, too.</summary>
internal static class SecuritySyntax
{
    private static readonly string[] LabelParts = ["user", "role", "type", "level"];

    // What most policies of SELinux call those parts of a label that nobody says.
    private static readonly string[] UsualLabel = ["system_u", "system_r", "container_t", "s0"];

    public static void Apply(ContainerSpec spec, string option)
    {
        var (name, value) = option.Split(['=', ':'], 2) is [var left, var right] ? (left, right) : (option, "");
        switch (name)
        {
            case "no-new-privileges" when value is "" or "true" or "false":
                spec.AllowNewPrivileges = value == "false";
                break;
            case "seccomp" when value.Length > 0:
                spec.Seccomp = value switch { "unconfined" => value, "default" or "builtin" => "default", _ => ReadProfile(value) };
                break;
            case "apparmor" when value.Length > 0:
                spec.Apparmor = value;
                break;
            case "label" when value == "disable":
                spec.SelinuxLabel = "";
                break;
            case "label" when value.Split(['=', ':'], 2) is [var part, var text] && LabelParts.Contains(part) && text.Length > 0:
                spec.SelinuxLabel = With(spec.SelinuxLabel, part, text);
                break;
            case "systempaths" when value == "unconfined":
                spec.UnmaskedPaths = true;
                break;
            default:
                throw new SuiteException(
                    ErrorKind.InvalidArgument,
                    $"cannot use --security-opt {option}: there are no-new-privileges[=false], seccomp=unconfined or seccomp=FILE, apparmor=PROFILE, "
                    + "label=disable or label=user|role|type|level:TEXT, and systempaths=unconfined");
        }
    }

    // A level may have colons of its own, so that it is what stands behind the third.
    private static string With(string label, string part, string text)
    {
        var parts = label.Length > 0 ? label.Split(':', 4) : [.. UsualLabel];
        parts[Array.IndexOf(LabelParts, part)] = text;
        return string.Join(':', parts);
    }

    private static string ReadProfile(string file)
    {
        try
        {
            var text = File.ReadAllText(file);
            using var document = JsonDocument.Parse(text);
            return text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot read the profile of --security-opt seccomp={file}: {e.Message}", e);
        }
    }
}
