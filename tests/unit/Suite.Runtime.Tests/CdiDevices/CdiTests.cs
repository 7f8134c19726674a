using Suite.Linux.Errors;
using Suite.Oci.Runtime;
using Suite.Runtime.CdiDevices;
using Suite.Runtime.Specs;

namespace Suite.Runtime.Tests.CdiDevices;

public sealed class CdiTests : IDisposable
{
    private const string Yaml =
        """
        cdiVersion: "0.6.0"
        kind: vendor.com/net
        devices:
          - name: "0"
            containerEdits:
              env: [ "FIRST=1" ]
              deviceNodes:
                - path: /dev/card0
                  hostPath: /dev/null
                  fileMode: 0640
                  permissions: rw
          - name: all
            containerEdits: {}
        containerEdits:
          env:
            - VENDOR=yes
          additionalGids: [ 0, 44 ]
          mounts:
            - hostPath: /usr/lib/vendor
              containerPath: /opt/vendor
              options: [ ro, nosuid ]
          hooks:
            - hookName: createContainer
              path: /usr/bin/vendor-hook
              args: [ vendor-hook, update ]
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("suite-cdi-").FullName;
    private readonly CdiFolders _cdi;

    public CdiTests()
    {
        _cdi = new CdiFolders(new RuntimeOptions { CdiFolders = [Path.Combine(_folder, "etc"), Path.Combine(_folder, "run")] });
        Write("etc/vendor.yaml", Yaml);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_device_changes_what_its_file_says()
    {
        var spec = Apply("vendor.com/net=0");
        Assert.Equal(["FIRST=1", "VENDOR=yes"], spec.Process!.Env!.TakeLast(2));
        Assert.Contains(44u, spec.Process.User.AdditionalGids!);
        var node = spec.Linux!.Devices!.Single(device => device.Path == "/dev/card0");
        // The mode is written in octal, the numbers are /dev/null's.
        Assert.Equal(("c", 1L, 3L, 0x1a0u), (node.Type, node.Major, node.Minor, node.FileMode!.Value));
        var rule = spec.Linux.Resources!.Devices![^1];
        Assert.Equal((true, "c", 1L, 3L, "rw"), (rule.Allow, rule.Type, rule.Major!.Value, rule.Minor!.Value, rule.Access));
        var mount = spec.Mounts![^1];
        Assert.Equal(("/opt/vendor", "/usr/lib/vendor", "bind"), (mount.Destination, mount.Source, mount.Type));
        Assert.Equal(["bind", "ro", "nosuid"], mount.Options);
        Assert.Equal("/usr/bin/vendor-hook", Assert.Single(spec.Hooks!.CreateContainer!).Path);
    }

    [Fact]
    public void What_a_file_says_for_all_its_devices_is_done_once()
    {
        var spec = Apply("vendor.com/net=0", "vendor.com/net=all");
        Assert.Single(spec.Process!.Env!, variable => variable == "VENDOR=yes");
        Assert.Null(Apply().Hooks);
    }

    [Fact]
    public void A_later_folder_rules()
    {
        Write("run/vendor.json", """{ "cdiVersion": "0.6.0", "kind": "vendor.com/net", "devices": [ { "name": "0", "containerEdits": { "env": [ "LATER=1" ] } } ] }""");
        Assert.Equal("LATER=1", Apply("vendor.com/net=0").Process!.Env![^1]);
        Assert.Equal("VENDOR=yes", Apply("vendor.com/net=all").Process!.Env![^1]);
    }

    [Fact]
    public void Two_files_that_contradict_each_other_are_named()
    {
        Write("etc/other.yml", Yaml);
        var failure = Assert.Throws<SuiteException>(() => Apply("vendor.com/net=0"));
        Assert.Contains("vendor.yaml", failure.Message);
        Assert.Contains("other.yml", failure.Message);
    }

    [Fact]
    public void A_broken_file_is_named_and_keeps_back_nobody_else()
    {
        Write("etc/broken.yaml", "kind: [");
        Write("etc/broken.json", "{ \"kind\": 3 }");
        Assert.Equal("VENDOR=yes", Apply("vendor.com/net=all").Process!.Env![^1]);
        var failure = Assert.Throws<SuiteException>(() => Apply("vendor.com/net=none"));
        Assert.Equal(ErrorKind.NotFound, failure.Kind);
        Assert.Contains("broken.yaml", failure.Message);
        Assert.Contains("broken.json", failure.Message);
    }

    [Theory]
    [InlineData("vendor.com/net")]
    [InlineData("net=0")]
    [InlineData("vendor.com/net=")]
    [InlineData("vendor.com/net/x=0")]
    [InlineData("ven dor/net=0")]
    [InlineData("vendor.com/net=../0")]
    public void A_name_out_of_grammar_is_refused(string name) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => CdiName.Parse(name, "field")).Kind);

    [Theory]
    [InlineData("a: 1", """{"a":1}""")]
    [InlineData("a: '1'", """{"a":"1"}""")]
    [InlineData("a: [ 0o17, 0x1f, true, ~, 1.5, -3, 09 ]", """{"a":[15,31,true,null,"1.5",-3,9]}""")]
    [InlineData("- x\n- {y: z}", """["x",{"y":"z"}]""")]
    [InlineData("", "null")]
    public void Yaml_is_read_as_json(string yaml, string json) => Assert.Equal(json, YamlText.ToJson(yaml));

    private Spec Apply(params string[] names) => CdiChanges.Apply(SpecBuilder.Build(Builders.Inputs()), _cdi.EditsOf(names));

    private void Write(string file, string text)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
