using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Syntax;

/// <summary>-v SOURCE:TARGET[:OPTIONS]</summary>
internal static class VolumeSyntax
{
    public static BindMount Parse(string text)
    {
        var (source, target, options) = text.Split(':') switch
        {
            [var from, var to] => (from, to, ""),
            [var from, var to, var more] => (from, to, more),
            _ => throw Wrong(text, "it needs a folder here and one in the container"),
        };
        if (!source.StartsWith('/') && !source.StartsWith('.'))
            throw Wrong(text, $"\"{source}\" is a volume's name, and named volumes are not built yet");
        if (!target.StartsWith('/'))
            throw Wrong(text, $"\"{target}\" is not an absolute path");

        var mount = new BindMount { Source = Path.GetFullPath(source), Target = target };
        foreach (var option in options.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            mount.ReadOnly = option switch
            {
                "ro" => true,
                "rw" => false,
                // SELinux labels: without a meaning where SELinux is not active, as Docker takes them.
                "z" or "Z" => mount.ReadOnly,
                _ => throw Wrong(text, $"there is no option \"{option}\""),
            };
        }

        return mount;
    }

    private static SuiteException Wrong(string text, string reason) =>
        new(ErrorKind.InvalidArgument, $"cannot mount \"{text}\": {reason}; write /HERE:/THERE or /HERE:/THERE:ro");
}
