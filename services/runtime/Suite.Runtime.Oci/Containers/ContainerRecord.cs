using System.Buffers;
using System.Text.Json;

namespace Suite.Runtime.Oci.Containers;

/// <summary>state.json: what one command leaves for the next.</summary>
internal sealed record ContainerRecord
{
    public required string Id { get; init; }

    public required string OciVersion { get; init; }

    public required string Bundle { get; init; }

    public required string Rootfs { get; init; }

    /// <summary>Below the root of each hierarchy.</summary>
    public required string CgroupPath { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>0 while the container is being made.</summary>
    public int Pid { get; init; }

    /// <summary>Of /proc/PID/stat: a pid alone may come again.</summary>
    public ulong StartTime { get; init; }

    /// <summary>Whether the first process is the first of a pid namespace, whose end ends all.</summary>
    public bool OwnPidNamespace { get; init; }

    /// <summary>The number of the root's mount in a mount namespace that was there before; 0: the container has its own.</summary>
    public ulong RootMount { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>By hand, as config.json is read: see <see cref="Suite.Oci.Runtime.Reading.RuntimeReader"/>.</summary>
    public byte[] ToJson()
    {
        var text = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("id", Id);
            json.WriteString("ociVersion", OciVersion);
            json.WriteString("bundle", Bundle);
            json.WriteString("rootfs", Rootfs);
            json.WriteString("cgroupPath", CgroupPath);
            json.WriteString("created", Created);
            json.WriteNumber("pid", Pid);
            json.WriteNumber("startTime", StartTime);
            json.WriteBoolean("ownPidNamespace", OwnPidNamespace);
            if (RootMount != 0)
                json.WriteNumber("rootMount", RootMount);
            if (Annotations is { } annotations)
            {
                json.WriteStartObject("annotations");
                foreach (var (name, value) in annotations)
                    json.WriteString(name, value);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return text.WrittenSpan.ToArray();
    }

    /// <exception cref="JsonException">It is no record.</exception>
    public static ContainerRecord Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var json = document.RootElement;
            return new ContainerRecord
            {
                Id = json.GetProperty("id").GetString()!,
                OciVersion = json.GetProperty("ociVersion").GetString()!,
                Bundle = json.GetProperty("bundle").GetString()!,
                Rootfs = json.GetProperty("rootfs").GetString()!,
                CgroupPath = json.GetProperty("cgroupPath").GetString()!,
                Created = json.GetProperty("created").GetDateTimeOffset(),
                Pid = json.GetProperty("pid").GetInt32(),
                StartTime = json.GetProperty("startTime").GetUInt64(),
                OwnPidNamespace = json.GetProperty("ownPidNamespace").GetBoolean(),
                RootMount = json.TryGetProperty("rootMount", out var mount) ? mount.GetUInt64() : 0,
                Annotations = json.TryGetProperty("annotations", out var pairs) ? pairs.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!) : null,
            };
        }
        catch (Exception wrong) when (wrong is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException(wrong.Message, wrong);
        }
    }
}
