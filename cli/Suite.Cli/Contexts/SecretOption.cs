using Suite.Linux.Errors;

namespace Suite.Cli.Contexts;

/// <summary>--secret: <c>id=NAME,src=FILE</c> or <c>id=NAME,env=VARIABLE</c>; without either, a variable or else a file of that name.</summary>
internal static class SecretOption
{
    /// <summary>As BuildKit's limit.</summary>
    private const long MostBytes = 500 * 1024;

    public static (string Id, byte[] Value) Read(string text, Func<string, string?> environment)
    {
        var fields = text.Split(',').Select(f => f.Split('=', 2)).ToArray();
        string? Get(params string[] names) => fields.LastOrDefault(f => f.Length == 2 && names.Contains(f[0].Trim()))?[1];
        if (fields.FirstOrDefault(f => f.Length != 2 || f[0].Trim() is not ("id" or "src" or "source" or "env" or "type")) is { } bad)
            throw Wrong(text, $"'{string.Join('=', bad)}' is not known: id, src and env are");
        var id = Get("id") ?? throw Wrong(text, "it has no id");
        if (Get("env") is { } variable)
            return (id, System.Text.Encoding.UTF8.GetBytes(environment(variable) ?? throw Wrong(text, $"there is no variable {variable}")));
        var file = Get("src", "source");
        if (file is null && environment(id) is { } value)
            return (id, System.Text.Encoding.UTF8.GetBytes(value));
        return (id, ReadFile(text, file ?? id));
    }

    private static byte[] ReadFile(string text, string path)
    {
        try
        {
            return new FileInfo(path).Length <= MostBytes ? File.ReadAllBytes(path) : throw Wrong(text, $"{path} is larger than {MostBytes} bytes");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong(text, $"cannot read {path}: {e.Message}");
        }
    }

    private static SuiteException Wrong(string text, string why)
    {
        // What follows the id may be the secret itself, wrongly written.
        var id = text.Split(',')[0];
        return new SuiteException(ErrorKind.InvalidArgument, $"--secret {id}: {why}");
    }
}
