using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Syntax;

/// <summary>-v [SOURCE:]TARGET[:OPTIONS]; a source that is no path is a volume's name, and none at all a volume without one.</summary>
internal static class VolumeSyntax
{
    public static BindMount Parse(string text)
    {
        var (source, target, options) = text.Split(':') switch
        {
            [var to] => ("", to, ""),
            [var to, "ro" or "rw" or "nocopy"] and [_, var more] when to.StartsWith('/') => ("", to, more),
            [var from, var to] => (from, to, ""),
            [var from, var to, var more] => (from, to, more),
            _ => throw Wrong(text, "it needs a folder here and one in the container"),
        };
        if (!target.StartsWith('/'))
            throw Wrong(text, $"\"{target}\" is not an absolute path");

        var mount = new BindMount { Source = source.StartsWith('/') || source.StartsWith('.') ? Path.GetFullPath(source) : source, Target = target };
        foreach (var option in options.Split(',', StringSplitOptions.RemoveEmptyEntries))
            Apply(mount, option, text);

        return mount;
    }

    private static void Apply(BindMount mount, string option, string text)
    {
        switch (option)
        {
            case "ro" or "rw":
                mount.ReadOnly = option == "ro";
                break;
            case "nocopy":
                mount.NoCopy = true;
                break;
            case "rprivate" or "rslave" or "rshared" or "private" or "slave" or "shared":
                mount.Propagation = option;
                break;
            case "z" or "Z":
                // SELinux labels: without a meaning where SELinux is not active, as Docker takes them.
                break;
            default:
                throw Wrong(text, $"there is no option \"{option}\"");
        }
    }

    private static SuiteException Wrong(string text, string reason) =>
        new(ErrorKind.InvalidArgument, $"cannot mount \"{text}\": {reason}; write /HERE:/THERE, VOLUME:/THERE or /HERE:/THERE:ro");
}
