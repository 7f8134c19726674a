using System.Text;
using System.Text.Json.Nodes;
using Suite.Linux.Errors;
using Suite.Network.Attachments;
using Suite.Network.Plugins;

namespace Suite.Network.Tests.Plugins;

public sealed class PluginListTests
{
    private const string Flannel = """
        {"name": "cbr0", "cniVersion": "0.3.1", "plugins": [
          {"type": "flannel", "delegate": {"hairpinMode": true, "isDefaultGateway": true}},
          {"type": "portmap", "capabilities": {"portMappings": true}}]}
        """;

    [Fact]
    public void A_list_as_flannel_writes_it()
    {
        var list = PluginList.Parse(Flannel);
        Assert.Equal(("cbr0", "0.3.1", false, false), (list.Name, list.Version, list.DisableCheck, list.DisableGc));
        Assert.Equal(["flannel", "portmap"], list.Plugins.Select(PluginList.TypeOf));
    }

    [Theory]
    [InlineData("""{"name":"n","cniVersion":"0.4.0","type":"bridge"}""", "0.4.0")]
    [InlineData("""{"name":"n","cniVersions":["0.3.1","1.1.0","9.0.0"],"cniVersion":"1.0.0","plugins":[{"type":"a"}]}""", "1.1.0")]
    [InlineData("""{"name":"n","cniVersion":"1.0.0","disableCheck":"true","plugins":[{"type":"a","future":{"x":[1]}}]}""", "1.0.0")]
    public void The_highest_version_that_both_speak_is_chosen(string text, string version) => Assert.Equal(version, PluginList.Parse(text).Version);

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("[]", "object")]
    [InlineData("{\"name\":\"n\"", "JSON")]
    [InlineData("""{"cniVersion":"1.0.0","plugins":[{"type":"a"}]}""", "name")]
    [InlineData("""{"name":"../n","cniVersion":"1.0.0","plugins":[{"type":"a"}]}""", "name")]
    [InlineData("""{"name":"n","cniVersion":"1.0.0","plugins":[]}""", "empty")]
    [InlineData("""{"name":"n","cniVersion":"1.0.0","plugins":[7]}""", "not an object")]
    [InlineData("""{"name":"n","cniVersion":"1.0.0","plugins":{}}""", "no list")]
    [InlineData("""{"name":"n","cniVersion":"1.0.0","plugins":[{"type":"../bridge"}]}""", "type")]
    [InlineData("""{"name":"n","cniVersion":"1.0.0","plugins":[{}]}""", "type")]
    [InlineData("""{"name":"n","cniVersion":"0.1.0","plugins":[{"type":"a"}]}""", "0.1.0")]
    [InlineData("""{"name":"n","plugins":[{"type":"a"}]}""", "0.1.0")]
    [InlineData("""{"name":"n","name":"m","cniVersion":"1.0.0","plugins":[{"type":"a"}]}""", "JSON")]
    public void What_is_no_list_is_refused_with_the_reason(string text, string words)
    {
        var error = Assert.Throws<SuiteException>(() => PluginList.Parse(text));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plugin_is_told_the_settings_that_it_declares_and_no_others()
    {
        var list = PluginList.Parse(Flannel);
        var runtime = new JsonObject { ["portMappings"] = new JsonArray(), ["bandwidth"] = new JsonObject() };
        var last = new JsonObject { ["cniVersion"] = "0.3.1" };
        Assert.Equal(
            """{"type":"portmap","name":"cbr0","cniVersion":"0.3.1","runtimeConfig":{"portMappings":[]},"prevResult":{"cniVersion":"0.3.1"}}""",
            PluginRequest.Settings(list, list.Plugins[1], runtime, last));
        Assert.Equal(
            """{"type":"flannel","delegate":{"hairpinMode":true,"isDefaultGateway":true},"name":"cbr0","cniVersion":"0.3.1"}""",
            PluginRequest.Settings(list, list.Plugins[0], runtime, null));
    }

    [Fact]
    public void A_pod_is_named_as_plugins_expect() => Assert.Equal(
        "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web;K8S_POD_INFRA_CONTAINER_ID=5f2c;K8S_POD_UID=u-1",
        PluginRequest.Arguments("5f2c", new PodFacts("default", "web", "u-1;X=1"[..3], new Dictionary<string, string>(), "")));

    [Theory]
    [InlineData("10M", 10_000_000)]
    [InlineData("1.5k", 1500)]
    [InlineData("1Ki", 1024)]
    [InlineData("2G", 2_000_000_000)]
    public void A_quantity_of_kubernetes_is_bits_a_second(string text, long bits) => Assert.Equal(bits, Bandwidth.Parse("a", text));

    [Theory]
    [InlineData("")]
    [InlineData("fast")]
    [InlineData("-1M")]
    [InlineData("1")]
    [InlineData("99999999P")]
    [InlineData("1e3M")]
    public void A_quantity_that_is_none_is_refused(string text) => Assert.Throws<SuiteException>(() => Bandwidth.Parse("a", text));

    [Theory]
    [InlineData("""{"cniVersion":"0.3.1","interfaces":[{"name":"cni0"},{"name":"eth0","mac":"aa:bb:cc:dd:ee:ff","sandbox":"/x"}],"ips":[{"version":"4","interface":1,"address":"10.1.2.3/24","gateway":"10.1.2.1"}]}""")]
    [InlineData("""{"cniVersion":"1.0.0","interfaces":[{"name":"cni0"},{"name":"eth0","mac":"aa:bb:cc:dd:ee:ff","sandbox":"/x"}],"ips":[{"interface":1,"address":"10.1.2.3/24","gateway":"10.1.2.1"},{"interface":0,"address":"10.9.9.9/8"}]}""")]
    public void A_result_of_either_age_is_read(string text)
    {
        var read = PluginResult.Read("n", "eth0", PluginList.ParseObject(text));
        Assert.Equal(("10.1.2.3/24", "10.1.2.1", "aa:bb:cc:dd:ee:ff", true), (Assert.Single(read.Addresses), Assert.Single(read.Gateways), read.Mac, read.Done));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"ips":"none"}""")]
    [InlineData("""{"ips":[{"address":"10.1.2.3"}]}""")]
    [InlineData("""{"ips":[{"address":"10.1.2.3/x"}]}""")]
    [InlineData("""{"ips":[{"address":"10.1.2.3/24","interface":0}],"interfaces":[{"name":"eth1","sandbox":"/x"}]}""")]
    public void A_result_without_an_address_for_the_sandbox_is_an_error(string text) =>
        Assert.Throws<SuiteException>(() => PluginResult.Read("n", "eth0", PluginList.ParseObject(text)));

    [Fact]
    public void Garbage_is_a_sentence_and_nothing_else()
    {
        var random = new Random(20897);
        byte[] valid = Encoding.UTF8.GetBytes("""{"cniVersion":"1.0.0","name":"n","plugins":[{"type":"a"}],"interfaces":[{"name":"eth0","sandbox":"/x"}],"ips":[{"interface":0,"address":"10.1.2.3/24"}],"dns":{"nameservers":["10.0.0.1"]},"code":7,"msg":"m"}""");
        for (int i = 0; i < 5000; i++)
        {
            byte[] text = valid.AsSpan(0, random.Next(4) == 0 ? random.Next(valid.Length) : valid.Length).ToArray();
            for (int flips = random.Next(6); flips > 0 && text.Length > 0; flips--)
            {
                text[random.Next(text.Length)] = (byte)random.Next(32, 127);
            }

            string read = Encoding.UTF8.GetString(text);
            Try(() => PluginList.Parse(read));
            Try(() => PluginResult.Read("n", "eth0", PluginList.ParseObject(read)));
            Assert.NotEmpty(PluginFailure.Of("plugin", 1, text, []).Message);
        }
    }

    private static void Try(Action read)
    {
        try
        {
            read();
        }
        catch (SuiteException)
        {
            // The only kind of exception that may come.
        }
    }
}
