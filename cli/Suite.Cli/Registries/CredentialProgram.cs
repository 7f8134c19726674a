using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Suite.Linux.Errors;

namespace Suite.Cli.Registries;

/// <summary>
/// A docker-credential-NAME program, which keeps passwords in a place of its own: it is told what to do by its argument, and about which
/// server on its standard input (docker-credential-helpers).
/// </summary>
internal static class CredentialProgram
{
    /// <summary>What a helper gives as the name when the secret is a refresh token.</summary>
    private const string TokenName = "<token>";

    /// <summary>Null: it knows none for this server.</summary>
    public static async Task<(string User, string Secret, bool IsToken)?> GetAsync(string helper, string server, CancellationToken cancellationToken)
    {
        if (await RunAsync(helper, "get", server, cancellationToken) is not { } answer)
            return null;
        try
        {
            var (user, secret) = ((string?)JsonNode.Parse(answer)?["Username"], (string?)JsonNode.Parse(answer)?["Secret"]);
            return string.IsNullOrEmpty(secret) ? null : (user ?? "", secret, user == TokenName);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Failed(helper, "get", e.Message, e);
        }
    }

    public static Task StoreAsync(string helper, string server, string user, string secret, CancellationToken cancellationToken)
    {
        var entry = new JsonObject { ["ServerURL"] = server, ["Username"] = user, ["Secret"] = secret };
        return RunAsync(helper, "store", entry.ToJsonString(), cancellationToken);
    }

    /// <returns>False when it had none for this server.</returns>
    public static async Task<bool> EraseAsync(string helper, string server, CancellationToken cancellationToken) =>
        await RunAsync(helper, "erase", server, cancellationToken) is not null;

    /// <returns>What it answers; null when it says that it does not know the server.</returns>
    private static async Task<string?> RunAsync(string helper, string action, string input, CancellationToken cancellationToken)
    {
        if (helper.AsSpan().ContainsAny('/', '\0')) throw Failed(helper, action, "its name has a slash");
        try
        {
            using var process = Process.Start(new ProcessStartInfo(NameOf(helper), [action]) { RedirectStandardInput = true, RedirectStandardOutput = true })
                ?? throw Failed(helper, action, "it did not start");
            await SayAsync(process, input, cancellationToken);
            var answer = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode == 0)
                return answer;
            return answer.Contains("not found", StringComparison.OrdinalIgnoreCase) ? null
                : throw Failed(helper, action, answer.Trim() is { Length: > 0 } reason ? reason : $"it ended with exit code {process.ExitCode}");
        }
        catch (Win32Exception e)
        {
            throw Failed(helper, action, "it cannot be run from any folder of PATH", e);
        }
        catch (IOException e)
        {
            throw Failed(helper, action, e.Message, e);
        }
    }

    // One that reads nothing, or not to the end, may still answer: what it says counts.
    private static async Task SayAsync(Process process, string input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
        }
    }

    private static string NameOf(string helper) => $"docker-credential-{helper}";

    private static SuiteException Failed(string helper, string action, string why, Exception? inner = null) =>
        new(ErrorKind.FailedPrecondition, $"the credential helper {NameOf(helper)}, which ~/.docker/config.json names, failed to {action}: {why}; mend it, or take it out of that file", inner);
}
