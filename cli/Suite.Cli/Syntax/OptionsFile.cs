using System.CommandLine;
using System.Text.Json;
using Suite.Cli.Commands;
using Suite.Linux.Errors;

namespace Suite.Cli.Syntax;

/// <summary>
/// Options that need not be typed each time: those of every command, and under "commands" those of one, by its words. What is
/// on the line rules; a list there takes the place of the file's.
/// </summary>
internal sealed class OptionsFile
{
    private const string CommandsField = "commands";

    private readonly JsonElement _document;

    private OptionsFile(string path, JsonElement document)
    {
        Path = path;
        _document = document;
    }

    public string Path { get; }

    /// <summary>The one that is named, or the person's and the machine's, in the order in which they rule.</summary>
    /// <param name="named">By --options.</param>
    /// <param name="environment">SUITE_OPTIONS, HOME, XDG_CONFIG_HOME, SUITE_CONFIG.</param>
    public static IReadOnlyList<OptionsFile> Find(string? named, Func<string, string?> environment)
    {
        if ((named ?? environment("SUITE_OPTIONS")) is { Length: > 0 } only)
            return [Read(only)];
        var home = environment("XDG_CONFIG_HOME") is { Length: > 0 } own ? own
            : environment("HOME") is { Length: > 0 } folder ? System.IO.Path.Combine(folder, ".config") : null;
        var machine = environment("SUITE_CONFIG") is { Length: > 0 } config ? config : "/etc/suite";
        string?[] places = [home is null ? null : System.IO.Path.Combine(home, "suite", "cli.json"), System.IO.Path.Combine(machine, "cli.json")];
        return [.. places.OfType<string>().Where(File.Exists).Select(Read)];
    }

    /// <summary>The options of every command that the line does not say, as words.</summary>
    public IEnumerable<string> Global(IReadOnlySet<string> given)
    {
        foreach (var field in _document.EnumerateObject().Where(f => f.Name != CommandsField))
        {
            var option = GlobalOptions.All.FirstOrDefault(o => o.Name == $"--{field.Name}" && o is Option<string?>)
                ?? throw Wrong($"\"{field.Name}\" is no option of every command");
            if (!given.Contains(option.Name))
                yield return $"{option.Name}={Text(field.Value, field.Name)}";
        }
    }

    /// <summary>The options of a command that the line does not say, as words.</summary>
    public IEnumerable<string> Of(SuiteCommand command, IReadOnlySet<string> given)
    {
        if (!_document.TryGetProperty(CommandsField, out var commands))
            yield break;
        if (commands.ValueKind != JsonValueKind.Object)
            throw Wrong($"\"{CommandsField}\" must be an object with commands and their options");
        if (!commands.TryGetProperty(command.Key, out var options))
            yield break;
        if (options.ValueKind != JsonValueKind.Object)
            throw Wrong($"\"{command.Key}\" must be an object with options");
        foreach (var field in options.EnumerateObject())
        {
            var option = command.Options.FirstOrDefault(o => o.Name == $"--{field.Name}")
                ?? throw Wrong($"suite {command.Key} has no option --{field.Name}");
            if (given.Contains(option.Name))
                continue;
            foreach (var value in Values(option, field))
                yield return $"{option.Name}={value}";
        }
    }

    private IEnumerable<string> Values(Option option, JsonProperty field) => field.Value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False when option is Option<bool> => [field.Value.GetRawText()],
        JsonValueKind.Array when option is Option<string[]> => field.Value.EnumerateArray().Select(v => Text(v, field.Name)),
        _ when option is Option<bool> => throw Wrong($"\"{field.Name}\" is true or false"),
        _ => [Text(field.Value, field.Name)],
    };

    private string Text(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        _ => throw Wrong($"the value of \"{name}\" must be a text or a number"),
    };

    private static OptionsFile Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new OptionsFile(path, document.RootElement.Clone())
                : throw new JsonException("it is not an object");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot read the options in {path}: {e.Message}", e);
        }
    }

    private SuiteException Wrong(string reason) => new(ErrorKind.InvalidArgument, $"cannot use the options in {Path}: {reason}");
}
