using Suite.Linux.Errors;

namespace Suite.Runtime.CdiDevices;

/// <summary>A device's full name, "vendor.com/class=device" (CDI, SPEC.md, "Kind" and "Name").</summary>
internal readonly record struct CdiName(string Kind, string Device)
{
    public static CdiName Parse(string text, string field)
    {
        var equals = text.IndexOf('=');
        var name = equals > 0 ? new CdiName(text[..equals], text[(equals + 1)..]) : default;
        var valid = name.Kind?.Split('/') is [var vendor, var @class]
            && IsWord(vendor, "_-.") && IsWord(@class, "_-")
            && name.Device.Length > 0 && char.IsAsciiLetterOrDigit(name.Device[0]) && name.Device.All(c => char.IsAsciiLetterOrDigit(c) || "_-.:".Contains(c));
        return valid ? name : throw new SuiteException(ErrorKind.InvalidArgument, $"{field}: {text} is not the name of a device such as vendor.com/class=device");
    }

    public override string ToString() => $"{Kind}={Device}";

    private static bool IsWord(string text, string others) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && char.IsAsciiLetterOrDigit(text[^1]) && text.All(c => char.IsAsciiLetterOrDigit(c) || others.Contains(c));
}
