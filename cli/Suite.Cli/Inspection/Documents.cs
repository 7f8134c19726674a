using System.Text.Json.Nodes;
using Grpc.Core;
using Suite.Cli.Commands;
using Suite.Cli.Output;
using Suite.Linux.Errors;

namespace Suite.Cli.Inspection;

/// <summary>What the inspect commands have in common: an array of documents, or a template for each.</summary>
internal static class Documents
{
    /// <summary>One that is not found does not keep the others from being printed; the exit code is 1 then.</summary>
    public static async Task<int> PrintAsync(Invocation call, IEnumerable<string> names, string? format, Func<string, Task<JsonObject>> find)
    {
        var template = format is null or "json" ? null : new Template(format);
        var found = new JsonArray();
        var exitCode = ExitCodes.Success;
        foreach (var name in names)
        {
            try
            {
                found.Add((JsonNode?)await find(name));
            }
            catch (Exception e) when (e is SuiteException or RpcException { StatusCode: not StatusCode.Unavailable } && Failures.Describe(e) is { } sentence)
            {
                await call.Error.WriteLineAsync($"suite: {sentence}");
                exitCode = ExitCodes.Failure;
            }
        }

        if (template is null)
            await call.Out.WriteLineAsync(JsonText.Indented(found));
        else
            found.ToList().ForEach(document => call.Out.WriteLine(template.Render(document!)));
        return exitCode;
    }

    public static JsonObject Map(IEnumerable<KeyValuePair<string, string>> values)
    {
        var map = new JsonObject();
        foreach (var (name, value) in values.OrderBy(v => v.Key, StringComparer.Ordinal))
            map[name] = value;
        return map;
    }
}
