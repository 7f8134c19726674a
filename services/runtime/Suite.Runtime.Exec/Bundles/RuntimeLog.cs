using System.Text;
using System.Text.Json;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Inits;

namespace Suite.Runtime.Exec.Bundles;

/// <summary>Why a command of another runtime failed, from the JSON lines of its log.</summary>
internal static class RuntimeLog
{
    public static InitReport Read(string command, int code, string path) => Describe(command, code, Descriptor.TryReadText(path) ?? "");

    internal static InitReport Describe(string command, int code, string log)
    {
        string? said = null;
        foreach (var line in log.Split('\n'))
            said = MessageOf(line) ?? said;
        return Classify($"{command}: {said ?? $"the runtime ended with {code} and without a word"}");
    }

    /// <summary>
    /// What the caller has to tell apart: a program of the container that is not there, or cannot be executed. There is no other
    /// sign of it than the words of the runtimes: of runc and suite-oci, then of crun.
    /// </summary>
    private static InitReport Classify(string message)
    {
        var isAboutProgram = message.Contains("exec: \"", StringComparison.Ordinal) || message.Contains("execute \"", StringComparison.Ordinal)
            || message.Contains("executable file", StringComparison.Ordinal) || message.Contains("open executable", StringComparison.Ordinal);
        if (isAboutProgram && (message.Contains("not found", StringComparison.Ordinal) || message.Contains("no such file", StringComparison.OrdinalIgnoreCase)))
            return new InitReport(ErrorKind.NotFound, 127, message);
        return isAboutProgram && message.Contains("permission denied", StringComparison.OrdinalIgnoreCase)
            ? new InitReport(ErrorKind.PermissionDenied, 126, message)
            : new InitReport(ErrorKind.FailedPrecondition, 128, message);
    }

    /// <returns>Null for a line that is no complaint.</returns>
    private static string? MessageOf(string line)
    {
        if (line.Length == 0 || line[0] != '{')
            return null;
        string? message = null, level = null;
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(line));
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                var name = reader.GetString();
                if (!reader.Read() || reader.TokenType != JsonTokenType.String)
                    continue;
                if (name == "msg")
                    message = reader.GetString();
                else if (name == "level")
                    level = reader.GetString();
            }
        }
        catch (JsonException)
        {
            // Cut off, or something else that writes to it.
            return null;
        }

        return level is "error" or "fatal" or "panic" ? message : null;
    }
}
