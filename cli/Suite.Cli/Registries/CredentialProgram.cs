using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Suite.Linux.Errors;

namespace Suite.Cli.Registries;

/// <summary>Asks a docker-credential-NAME program, which takes a server on its standard input and answers JSON (docker-credential-helpers).</summary>
internal static class CredentialProgram
{
    /// <summary>What a helper gives as the name when the secret is a refresh token.</summary>
    private const string TokenName = "<token>";

    /// <summary>Null: it knows none for this server.</summary>
    public static async Task<(string User, string Secret, bool IsToken)?> GetAsync(string helper, string server, CancellationToken cancellationToken)
    {
        var program = $"docker-credential-{helper}";
        if (helper.AsSpan().ContainsAny('/', '\0')) throw Failed(program, "its name has a slash");
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["get"]) { RedirectStandardInput = true, RedirectStandardOutput = true })
                ?? throw Failed(program, "it did not start");
            await process.StandardInput.WriteAsync(server.AsMemory(), cancellationToken);
            process.StandardInput.Close();
            var answer = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                return answer.Contains("not found", StringComparison.OrdinalIgnoreCase) ? null : throw Failed(program, answer.Trim());
            var (user, secret) = ((string?)JsonNode.Parse(answer)?["Username"], (string?)JsonNode.Parse(answer)?["Secret"]);
            return string.IsNullOrEmpty(secret) ? null : (user ?? "", secret, user == TokenName);
        }
        catch (Exception e) when (e is Win32Exception or IOException or JsonException or InvalidOperationException)
        {
            throw Failed(program, e.Message, e);
        }
    }

    private static SuiteException Failed(string program, string why, Exception? inner = null) =>
        new(ErrorKind.FailedPrecondition, $"the credential helper {program}, which ~/.docker/config.json names, failed: {why}", inner);
}
