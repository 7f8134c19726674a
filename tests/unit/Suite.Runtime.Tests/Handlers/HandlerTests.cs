using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Suite.Hosting;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Handlers;
using Suite.Runtime.Pods;

namespace Suite.Runtime.Tests.Handlers;

/// <summary>Other OCI runtimes, as they are configured and as they describe themselves.</summary>
public sealed class HandlerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("suite-handlers-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("""{"mountOptions":["ro","rro"],"linux":{"namespaces":["pid","user"],"mountExtensions":{"idmap":{"enabled":true}}}}""", true, true)]
    [InlineData("""{"mountOptions":["ro","rro"],"linux":{"namespaces":["pid","user"]}}""", true, false)]
    [InlineData("""{"mountOptions":["ro"],"linux":{"namespaces":["pid"],"mountExtensions":{"idmap":{"enabled":true}}}}""", false, false)]
    [InlineData("""{"linux":{"namespaces":["user"],"mountExtensions":{"idmap":{"enabled":"yes"}}}}""", false, false)]
    [InlineData("""{"mountOptions":"rro","linux":[]}""", false, false)]
    [InlineData("unknown command features", false, false)]
    [InlineData("", false, false)]
    public void What_a_runtime_does_not_say_it_cannot_do(string json, bool recursive, bool users) =>
        Assert.Equal(new HandlerFeatures(recursive, users), HandlerFeatures.Parse(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("a/b", "/usr/bin/runc", "", "handlers.a/b")]
    [InlineData("", "/usr/bin/runc", "", "handlers.")]
    [InlineData("runc", "runc", "", "handlers.runc.path")]
    [InlineData("runc", "", "", "handlers.runc.path")]
    [InlineData("runc", "/usr/bin/runc", "state", "handlers.runc.root")]
    public void A_configuration_that_no_pod_could_use_is_refused_with_its_key(string name, string path, string root, string key)
    {
        var failure = Assert.Throws<SuiteException>(() => Handlers((name, new HandlerOptions { Path = path, Root = root })).Check());
        Assert.Equal(ErrorKind.InvalidArgument, failure.Kind);
        Assert.StartsWith(key, failure.Message);
    }

    [Fact]
    public void A_handler_is_found_by_its_name_and_has_a_folder_of_its_own()
    {
        var program = Program("exit 0");
        var handlers = Handlers(("runc", new HandlerOptions { Path = program, Options = ["--debug"] }), ("gone", new HandlerOptions { Path = "/no/such/program" }));
        handlers.Check();
        Assert.Null(handlers.Find(""));
        var found = handlers.Find("runc")!;
        Assert.Equal((program, Path.Combine(_folder, "run", "handlers", "runc")), (found.Path, found.Root));
        Assert.Equal(["--debug"], found.Options);
        var unknown = Assert.Throws<SuiteException>(() => handlers.Find("kata"));
        Assert.Equal(ErrorKind.InvalidArgument, unknown.Kind);
        Assert.Contains("runtime_handler: kata", unknown.Message);
        Assert.Equal(ErrorKind.FailedPrecondition, Assert.Throws<SuiteException>(() => handlers.Find("gone")).Kind);
    }

    [Fact]
    public async Task Features_are_asked_once_and_again_when_the_program_is_another()
    {
        var program = Program($$"""echo x >> {{_folder}}/asked; echo '{"mountOptions":["rro"]}'""");
        var handlers = Handlers(("runc", new HandlerOptions { Path = program }));
        Assert.Equal(new HandlerFeatures(true, false), await handlers.FeaturesOf("runc"));
        Assert.Equal(new HandlerFeatures(true, false), await handlers.FeaturesOf("runc"));
        Assert.Equal("x\n", await File.ReadAllTextAsync(Path.Combine(_folder, "asked"), TestContext.Current.CancellationToken));
        Program("echo unknown command >&2; exit 1");
        File.SetLastWriteTimeUtc(program, File.GetLastWriteTimeUtc(program).AddSeconds(1));
        Assert.Equal(HandlerFeatures.None, await handlers.FeaturesOf("runc"));
        Assert.Equal(HandlerFeatures.None, await handlers.FeaturesOf("nobody"));
    }

    [Fact]
    public async Task What_a_runtime_does_not_promise_is_refused_with_its_field()
    {
        var handlers = Handlers(("runc", new HandlerOptions { Path = Program("echo '{}'") }));
        var runtime = handlers.Find("runc");
        var users = Builders.Pod().Config with { Users = new UserMap(new IdRange(1, 2), new IdRange(1, 2)) };
        Assert.Contains("userns_options", (await Assert.ThrowsAsync<SuiteException>(() => handlers.RequireAsync(users, "runc", runtime))).Message);
        var fixedVolume = Builders.Config() with { Mounts = [new BindMount("/a", "/b", ReadOnly: true) { RecursiveReadOnly = true }] };
        var pod = Builders.Pod() with { Runtime = runtime, RuntimeHandler = "runc" };
        Assert.Contains("recursive_read_only", (await Assert.ThrowsAsync<SuiteException>(() => handlers.RequireAsync(fixedVolume, pod))).Message);
        await handlers.RequireAsync(users, "", null);
        await handlers.RequireAsync(fixedVolume, Builders.Pod());
        await handlers.RequireAsync(Builders.Config(), pod);
    }

    private RuntimeHandlers Handlers(params (string Name, HandlerOptions Options)[] handlers)
    {
        var options = new RuntimeOptions { Handlers = handlers.ToDictionary(pair => pair.Name, pair => pair.Options) };
        var paths = new SuitePaths(Path.Combine(_folder, "root"), Path.Combine(_folder, "run"), Path.Combine(_folder, "etc"), "tests");
        return new RuntimeHandlers(options, new PodPlaces(paths, options), new AskFeatures(TimeProvider.System, NullLogger<AskFeatures>.Instance));
    }

    private string Program(string script)
    {
        var path = Path.Combine(_folder, "runtime");
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
