using System.Text.Json.Nodes;
using Suite.Cli.Inspection;
using Suite.Linux.Errors;

namespace Suite.Cli.Tests.Inspection;

public sealed class TemplateTests
{
    private static readonly JsonNode Document = JsonNode.Parse("""{"Name":"web","State":{"Pid":7,"Dead":false},"Args":["a","b"],"List":[{"Port":"8080"}],"Map":{"80/tcp":[{"Port":"81"}]},"None":null,"Sign":"<none> & 'ä' + 日本"}""")!;

    [Fact]
    public void Docker_documents_a_method_for_labels_and_go_a_slice()
    {
        var row = System.Text.Json.Nodes.JsonNode.Parse("""{ "ID": "0123456789abcdef", "Labels": "com.x=1,tier=back", "List": [1, 2, 3] }""")!;
        Assert.Equal("back|1|", new Template("{{.Label \"tier\"}}|{{.Label \"com.x\"}}|{{.Label \"no\"}}").Render(row));
        Assert.Equal("0123 [2 3]", new Template("{{slice .ID 0 4}} {{slice .List 1}}").Render(row));
        Assert.Contains("there is no slice", Assert.Throws<Linux.Errors.SuiteException>(() => new Template("{{slice .ID 0 40}}").Render(row)).Message);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{{.Name}}", "web")]
    [InlineData("{{ .State.Pid }}/{{.State.Dead}}", "7/false")]
    [InlineData("{{.Args}} {{json .Args}}", "[a b] [\"a\",\"b\"]")]
    [InlineData("{{.None}}", "<no value>")]
    [InlineData("{{json .State}}", "{\"Pid\":7,\"Dead\":false}")]
    [InlineData("{{json .Sign}}", "\"<none> & 'ä' + 日本\"")]
    [InlineData("{{upper .Name}}{{ .Name | printf \"%5s|\" }}", "WEB  web|")]
    [InlineData("{{range $i, $a := .Args}}{{if $i}},{{end}}{{$a}}{{end}}", "a,b")]
    [InlineData("{{range .None}}x{{else}}none{{end}}", "none")]
    [InlineData("{{range $k, $v := .State}}{{$k}}={{$v}};{{end}}", "Dead=false;Pid=7;")]
    [InlineData("{{if and .Name (not .State.Dead)}}alive{{else if .State.Dead}}dead{{end}}", "alive")]
    [InlineData("{{with .State}}{{.Pid}} {{$.Name}}{{end}}", "7 web")]
    [InlineData("{{join .Args \"-\"}} {{len .Args}} {{index .Args 1}} {{index .State \"Pid\"}}", "a-b 2 b 7")]
    [InlineData("{{split \"a:b\" \":\" | json}} {{title \"web\"}} {{truncate .Name 2}}|{{pad .Name 1 2}}|", "[\"a\",\"b\"] Web we| web  |")]
    [InlineData("a {{- .Name -}} b{{/* said to nobody */}}", "awebb")]
    [InlineData("{{if eq .State.Pid 7 8}}yes{{end}}{{if gt .State.Pid 9}}no{{end}}{{println .Name}}", "yesweb\n")]
    [InlineData("{{(index .List 0).Port}}|{{(index (index .Map \"80/tcp\") 0).Port | printf \"%4s\"}}", "8080|  81")]
    [InlineData("{{$n := .Name}}{{$n}}{{\"}}\"}}", "web}}")]
    public void Fields_are_filled_in(string template, string expected) => Assert.Equal(expected, new Template(template).Render(Document));

    [Theory]
    [InlineData("{{.Nope}}", "there is no field \"Nope\"")]
    [InlineData("{{.Name", "a {{ has no }}")]
    [InlineData("{{frobnicate .Name}}", "is neither a field")]
    [InlineData("{{if .Name}}x", "{{if}} has no {{end}}")]
    [InlineData("{{end}}", "{{end}} has no beginning")]
    [InlineData("{{index .Args 9}}", "there is nothing at 9")]
    [InlineData("{{range .Name}}{{end}}", "range needs a list or a map")]
    [InlineData("{{(.Name}}", "a ( has no )")]
    [InlineData("{{.Name | .Name}}", "is no function")]
    [InlineData("{{split .Name}}", "split needs more values")]
    public void What_cannot_be_filled_in_is_named(string template, string reason) =>
        Assert.Contains(reason, Assert.Throws<SuiteException>(() => new Template(template).Render(Document)).Message);
}
