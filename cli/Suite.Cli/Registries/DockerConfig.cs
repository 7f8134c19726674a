using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Suite.Linux.Errors;

namespace Suite.Cli.Registries;

/// <summary>
/// ~/.docker/config.json, as docker, podman and skopeo write and read it: credentials, and the keys to leave a container by. What else the
/// file holds stays as it is.
/// </summary>
internal sealed class DockerConfig
{
    private const string HubKey = "https://index.docker.io/v1/";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly JsonObject _document;

    private DockerConfig(string path, JsonObject document)
    {
        _path = path;
        _document = document;
    }

    public string Path => _path;

    /// <param name="environment">DOCKER_CONFIG names the folder; otherwise it is .docker in HOME.</param>
    public static DockerConfig Open(Func<string, string?> environment)
    {
        var path = PathOf(environment);
        try
        {
            var document = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) as JsonObject : [];
            return new DockerConfig(path, document ?? throw new JsonException("it is not an object"));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new SuiteException(ErrorKind.Corrupt, $"{path} cannot be read: {e.Message} Mend it, or move it away", e);
        }
    }

    /// <summary>For who can do without it: one that cannot be read is as none, and a warning.</summary>
    public static async Task<DockerConfig> OpenOrWarnAsync(Session session)
    {
        try
        {
            return Open(session.Environment);
        }
        catch (SuiteException e) when (e.Kind == ErrorKind.Corrupt)
        {
            await session.Error.WriteLineAsync($"suite: warning: {e.Message}");
            return new DockerConfig(PathOf(session.Environment), []);
        }
    }

    public (string User, string Password)? Find(string host)
    {
        if (EntryOf(host) is not { } entry || Text(entry["auth"]) is not { Length: > 0 } encoded)
            return null;
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
            return null;
        var text = Encoding.UTF8.GetString(bytes.AsSpan(0, length));
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (text[..colon], text[(colon + 1)..]);
    }

    /// <summary>A refresh token, where a login gave one instead of a password.</summary>
    public string? FindIdentityToken(string host) => Text(EntryOf(host)?["identitytoken"]);

    /// <summary>The program docker-credential-NAME that keeps this registry's password: that of credHelpers, else credsStore for all.</summary>
    public string? HelperFor(string host)
    {
        var helpers = _document["credHelpers"] as JsonObject;
        return Text(helpers?[ServerOf(host)]) ?? (IsHub(host) ? Text(helpers?["docker.io"]) : null) ?? Text(_document["credsStore"]);
    }

    /// <summary>The keys by which a person leaves a container; null: not said.</summary>
    public string? DetachKeys => Text(_document["detachKeys"]);

    /// <summary>What the file and its helpers call the registry.</summary>
    public static string ServerOf(string host) => IsHub(host) ? HubKey : host;

    public void Set(string host, string user, string password) =>
        Put(host, new JsonObject { ["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")) });

    /// <summary>A helper keeps the password: the file only says that there is one, as docker's does.</summary>
    public void SetKeptElsewhere(string host) => Put(host, []);

    /// <summary>False when there was nothing.</summary>
    public bool Remove(string host)
    {
        if (KeyIn(Entries, host) is not { } key || !Entries!.Remove(key))
            return false;
        Save();
        return true;
    }

    private JsonObject? Entries => _document["auths"] as JsonObject;

    private static string PathOf(Func<string, string?> environment)
    {
        var folder = environment("DOCKER_CONFIG") is { Length: > 0 } given ? given : System.IO.Path.Combine(environment("HOME") ?? "/root", ".docker");
        return System.IO.Path.Combine(folder, "config.json");
    }

    private static bool IsHub(string host) => host is "docker.io" or "index.docker.io";

    // A value of another kind is as none: this file is written by others, too.
    private static string? Text(JsonNode? value) => value is JsonValue text && text.TryGetValue(out string? found) ? found : null;

    private JsonObject? EntryOf(string host) => KeyIn(Entries, host) is { } key ? Entries![key] as JsonObject : null;

    /// <summary>The key itself, or one that names the same host as an address, as old logins wrote it.</summary>
    private static string? KeyIn(JsonObject? entries, string host)
    {
        if (entries is null || entries.ContainsKey(ServerOf(host)))
            return entries is null ? null : ServerOf(host);
        return entries.Select(e => e.Key).FirstOrDefault(key => HostOf(key) == host || (IsHub(host) && IsHub(HostOf(key))));
    }

    private static string HostOf(string key)
    {
        var scheme = key.IndexOf("://", StringComparison.Ordinal);
        var address = scheme < 0 ? key : key[(scheme + 3)..];
        var slash = address.IndexOf('/', StringComparison.Ordinal);
        // Behind a host without a scheme stands a repository, whose password is not that of all others.
        return slash < 0 ? address : scheme < 0 ? "" : address[..slash];
    }

    private void Put(string host, JsonObject entry)
    {
        if (Entries is null)
            _document["auths"] = new JsonObject();
        Entries![KeyIn(Entries, host) ?? ServerOf(host)] = entry;
        Save();
    }

    /// <summary>Under another name first, readable by its owner alone from the first instant.</summary>
    private void Save()
    {
        var folder = System.IO.Path.GetDirectoryName(_path)!;
        Directory.CreateDirectory(folder, Private | UnixFileMode.UserExecute);
        var next = $"{_path}.{Environment.ProcessId}";
        File.Delete(next);
        using (var file = new FileStream(next, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Private }))
        using (var writer = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true, IndentCharacter = '\t', IndentSize = 1 }))
            _document.WriteTo(writer);
        File.Move(next, _path, overwrite: true);
    }
}
