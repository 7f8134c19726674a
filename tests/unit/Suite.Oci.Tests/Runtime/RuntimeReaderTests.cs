using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Suite.Oci.Runtime;
using Suite.Oci.Runtime.Reading;

namespace Suite.Oci.Tests.Runtime;

/// <summary>The serializer is what the hand-written reader is measured by: it knows every field of the model.</summary>
public sealed class RuntimeReaderTests
{
    private int _next;

    [Fact]
    public void Every_field_of_the_model_is_read()
    {
        var json = SampleOf(typeof(Spec))!.ToJsonString();
        Assert.Equal(json, JsonSerializer.Serialize(RuntimeReader.ReadSpec(Encoding.UTF8.GetBytes(json)), RuntimeJson.Default.Spec));
        json = SampleOf(typeof(Process))!.ToJsonString();
        Assert.Equal(json, JsonSerializer.Serialize(RuntimeReader.ReadProcess(Encoding.UTF8.GetBytes(json)), RuntimeJson.Default.Process));
        json = SampleOf(typeof(LinuxResources))!.ToJsonString();
        Assert.Equal(json, JsonSerializer.Serialize(RuntimeReader.ReadResources(Encoding.UTF8.GetBytes(json)), RuntimeJson.Default.LinuxResources));
    }

    [Theory]
    [InlineData("{}", """{"ociVersion":""}""")]
    [InlineData(
        """{ "process": null, "linux": { "resources": null, "seccomp": null }, "mounts": null, "windows": { "x": [1] }, "root": { "path": null } }""",
        """{"ociVersion":"","root":{"path":"","readonly":false},"linux":{}}""")]
    [InlineData(
        """{ "ociVersion": "1.0.2", "hostname": "a", "hostname": "b", "mounts": [], "annotations": {}, "process": { "args": [ "\u0041\n" ] } }""",
        """{"ociVersion":"1.0.2","process":{"terminal":false,"user":{"uid":0,"gid":0},"args":["A\n"],"cwd":"","noNewPrivileges":false},"hostname":"b","mounts":[],"annotations":{}}""")]
    public void What_is_absent_or_null_or_unknown_is_passed_over_and_what_is_said_last_counts(string json, string expected) =>
        Assert.Equal(expected, JsonSerializer.Serialize(RuntimeReader.ReadSpec(Encoding.UTF8.GetBytes(json)), RuntimeJson.Default.Spec));

    [Theory]
    [InlineData("[]", "$", "must be an object, and is []")]
    [InlineData("""{"process":{"args":7}}""", "$.process.args", "must be a list, and is 7")]
    [InlineData("""{"process":{"args":["a",7]}}""", "$.process.args[1]", "must be a text, and is 7")]
    [InlineData("""{"process":{"terminal":"yes"}}""", "$.process.terminal", "must be true or false, and is \"yes\"")]
    [InlineData("""{"process":{"user":{"uid":-1}}}""", "$.process.user.uid", "must be a whole number of 32 bits that is not negative, and is -1")]
    [InlineData("""{"linux":{"resources":{"memory":{"limit":1.5}}}}""", "$.linux.resources.memory.limit", "must be a whole number of 64 bits, and is 1.5")]
    [InlineData("""{"linux":{"resources":{"memory":{"limit":"1"}}}}""", "$.linux.resources.memory.limit", "must be a number, and is \"1\"")]
    [InlineData("""{"linux":{"seccomp":{"syscalls":[{"names":["read"]},{"names":"read"}]}}}""", "$.linux.seccomp.syscalls[1].names", "must be a list, and is \"read\"")]
    [InlineData("""{"linux":{"sysctl":{"net.a":1}}}""", "$.linux.sysctl.net.a", "must be a text, and is 1")]
    public void A_field_of_the_wrong_kind_is_named(string json, string path, string message)
    {
        var failure = Assert.Throws<JsonException>(() => RuntimeReader.ReadSpec(Encoding.UTF8.GetBytes(json)));
        Assert.Equal((path, message), (failure.Path, failure.Message));
    }

    /// <summary>Every field, every item of a list, every value of a map in turn.</summary>
    [Fact]
    public void Whatever_field_is_of_the_wrong_kind_its_path_is_told()
    {
        var whole = SampleOf(typeof(Spec))!;
        var paths = PathsOf(whole).ToList();
        Assert.True(paths.Count > 300);
        foreach (var node in paths)
        {
            var (path, wrong) = (node.GetPath(), node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? JsonValue.Create(7) : JsonValue.Create("no"));
            // The one that is replaced is put back for the next.
            node.ReplaceWith(wrong);
            var failure = Assert.Throws<JsonException>(() => RuntimeReader.ReadSpec(Encoding.UTF8.GetBytes(whole.ToJsonString())));
            Assert.Equal(path, failure.Path);
            wrong.ReplaceWith(node);
        }
    }

    private static IEnumerable<JsonNode> PathsOf(JsonNode node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => PathsOf(field.Value!).Prepend(field.Value!)),
        JsonArray items => items.SelectMany(item => PathsOf(item!).Prepend(item!)),
        _ => [],
    };

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("nonsense")]
    public void What_is_no_JSON_object_is_refused(string json) =>
        Assert.ThrowsAny<JsonException>(() => RuntimeReader.ReadSpec(Encoding.UTF8.GetBytes(json)));

    /// <summary>A value of the type with something else in each field.</summary>
    private JsonNode? SampleOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return $"text {_next++}";
        if (type == typeof(bool))
            return true;
        if (type.IsPrimitive)
            return 1 + _next++;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return new JsonArray(SampleOf(type.GenericTypeArguments[0]), SampleOf(type.GenericTypeArguments[0]));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
            return new JsonObject { ["first"] = SampleOf(type.GenericTypeArguments[1]), ["second"] = SampleOf(type.GenericTypeArguments[1]) };

        var sample = new JsonObject();
        foreach (var property in RuntimeJson.Default.GetTypeInfo(type)!.Properties)
            sample[property.Name] = SampleOf(property.PropertyType);
        return sample;
    }
}
