using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Suite.Linux.Errors;

namespace Suite.Cli.Registries;

/// <summary>
/// Credentials in ~/.docker/config.json, as docker, podman and skopeo write and read them. What else the file holds stays as it is.
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
        var folder = environment("DOCKER_CONFIG") is { Length: > 0 } given ? given : System.IO.Path.Combine(environment("HOME") ?? "/root", ".docker");
        var path = System.IO.Path.Combine(folder, "config.json");
        try
        {
            var document = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) as JsonObject : [];
            return new DockerConfig(path, document ?? throw new JsonException("it is not an object"));
        }
        catch (JsonException e)
        {
            throw new SuiteException(ErrorKind.Corrupt, $"{path} cannot be read: {e.Message} Mend it, or move it away", e);
        }
    }

    public (string User, string Password)? Find(string host)
    {
        if ((_document["auths"] as JsonObject)?[KeyOf(host)] is not JsonObject entry || (string?)entry["auth"] is not { Length: > 0 } encoded)
            return null;
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
            return null;
        var text = Encoding.UTF8.GetString(bytes.AsSpan(0, length));
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (text[..colon], text[(colon + 1)..]);
    }

    /// <summary>A refresh token, where a login gave one instead of a password.</summary>
    public string? FindIdentityToken(string host) => (string?)((_document["auths"] as JsonObject)?[KeyOf(host)] as JsonObject)?["identitytoken"];

    /// <summary>The program docker-credential-NAME that keeps this registry's password: that of credHelpers, else credsStore for all.</summary>
    public string? HelperFor(string host) =>
        (string?)(_document["credHelpers"] as JsonObject)?[host is "index.docker.io" ? "docker.io" : host] ?? (string?)_document["credsStore"];

    /// <summary>The keys by which a person leaves a container; null: not said.</summary>
    public string? DetachKeys => (string?)_document["detachKeys"];

    /// <summary>What the file and its helpers call the registry.</summary>
    public static string ServerOf(string host) => KeyOf(host);

    public void Set(string host, string user, string password)
    {
        if (_document["auths"] is not JsonObject auths)
            _document["auths"] = auths = [];
        auths[KeyOf(host)] = new JsonObject { ["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")) };
        Save();
    }

    /// <summary>False when there was nothing.</summary>
    public bool Remove(string host)
    {
        if ((_document["auths"] as JsonObject)?.Remove(KeyOf(host)) != true)
            return false;
        Save();
        return true;
    }

    private static string KeyOf(string host) => host is "docker.io" or "index.docker.io" ? HubKey : host;

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
