using System.Text.Json.Nodes;
using Suite.Cli.Inspection;
using Suite.Linux.Errors;

namespace Suite.Cli.Tests.Inspection;

public sealed class TemplateTests
{
    private static readonly JsonNode Document = JsonNode.Parse("""{"Name":"web","State":{"Pid":7,"Dead":false},"Args":["a","b"],"None":null}""")!;

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{{.Name}}", "web")]
    [InlineData("{{ .State.Pid }}/{{.State.Dead}}", "7/false")]
    [InlineData("{{.Args}} {{json .Args}}", "[a b] [\"a\",\"b\"]")]
    [InlineData("{{.None}}", "<no value>")]
    [InlineData("{{json .State}}", "{\"Pid\":7,\"Dead\":false}")]
    public void Fields_are_filled_in(string template, string expected) => Assert.Equal(expected, new Template(template).Render(Document));

    [Theory]
    [InlineData("{{.Nope}}", "there is no field \"Nope\"")]
    [InlineData("{{.Name", "a {{ has no }}")]
    [InlineData("{{upper .Name}}", "is neither a field")]
    public void What_cannot_be_filled_in_is_named(string template, string reason) =>
        Assert.Contains(reason, Assert.Throws<SuiteException>(() => new Template(template).Render(Document)).Message);
}
