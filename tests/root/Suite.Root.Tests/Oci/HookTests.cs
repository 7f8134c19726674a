using System.Text.Json;
using Suite.Oci.Runtime;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Oci;

/// <summary>runtime.md, Lifecycle: which hooks run in which command, and what a failing one stops.</summary>
public sealed class HookTests
{
    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void Each_point_has_its_command_and_its_state()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        var told = rig.Folder.Path("told");
        var inside = Path.Combine(rig.Bundle, "rootfs", "told");
        Hook Outside(string point) => Hook("/bin/sh", "-c", $"(echo {point}; cat; echo) >>{told}");
        rig.Create(rig.Spec("sleep", "60") with
        {
            Hooks = new()
            {
                Prestart = [Outside("prestart")],
                CreateRuntime = [Outside("createRuntime")],
                CreateContainer = [Outside("createContainer")],
                StartContainer = [Hook("/bin/sh", "-c", "(echo startContainer; cat; echo) >>/told")],
                Poststart = [Outside("poststart")],
                Poststop = [Outside("poststop")],
            },
        });
        Assert.Equal(["prestart creating", "createRuntime creating", "createContainer creating"], Points(told));
        Assert.False(File.Exists(inside));

        rig.Ok("start", rig.Id("one"));
        Assert.Equal(["startContainer created"], Points(inside));
        Assert.Equal("poststart running", Points(told).Last());
        rig.Ok("kill", rig.Id("one"), "9");
        rig.Await("stopped");
        Assert.Equal(4, Points(told).Count);
        rig.Ok("delete", rig.Id("one"));
        Assert.Equal("poststop stopped", Points(told).Last());
        Assert.Equal(5, Points(told).Count);

        List<string> Points(string file) => [.. File.ReadLines(file).Where(line => line.Length > 0).Chunk(2).Select(pair =>
        {
            var state = JsonDocument.Parse(pair[1]).RootElement;
            Assert.Equal(rig.Id("one"), state.GetProperty("id").GetString());
            Assert.Equal(rig.Bundle, state.GetProperty("bundle").GetString());
            return $"{pair[0]} {state.GetProperty("status").GetString()}";
        })];
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void One_that_fails_before_the_program_leaves_no_container()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        foreach (var (hooks, point) in new (Hooks, string)[]
                 {
                     (new() { CreateRuntime = [Hook("/bin/false")] }, "hooks.createRuntime[0]"),
                     (new() { CreateContainer = [Hook("/bin/false")] }, "hooks.createContainer[0]"),
                 })
        {
            rig.Write(rig.Spec("touch", "/ran") with { Hooks = hooks });
            var answer = rig.Call("create", "--bundle", rig.Bundle, rig.Id("one"));
            Assert.Equal(1, answer.Code);
            Assert.Contains(point, answer.Error, StringComparison.Ordinal);
            Assert.Equal("", rig.Ok("list", "-q"));
        }

        rig.Create(rig.Spec("touch", "/ran") with { Hooks = new() { StartContainer = [Hook("/bin/false")] } });
        Assert.Contains("hooks.startContainer[0]", rig.Call("start", rig.Id("one")).Error, StringComparison.Ordinal);
        rig.Await("stopped");
        Assert.False(File.Exists(Path.Combine(rig.Bundle, "rootfs", "ran")));
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void One_that_fails_after_it_is_a_warning()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        rig.Write(rig.Spec("true") with { Hooks = new() { Poststart = [Hook("/bin/false")], Poststop = [Hook("/bin/false")] } });
        var answer = rig.Call("run", "--bundle", rig.Bundle, rig.Id("one"));
        Assert.Equal(0, answer.Code);
        Assert.Contains("warning: hooks.poststart[0]", answer.Error, StringComparison.Ordinal);
        Assert.Contains("warning: hooks.poststop[0]", answer.Error, StringComparison.Ordinal);
    }

    private static Hook Hook(string path, params string[] arguments) => new() { Path = path, Args = [path, .. arguments], Env = ["PATH=/bin:/usr/bin"] };
}
