using Google.Protobuf;
using Grpc.Core;
using Suite.Container.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Runtime;

/// <summary>suite.container.v1, from a person's side.</summary>
public sealed class SoloContainerTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Needs)]
    public async Task Attached_before_its_start_not_a_byte_is_lost_and_it_removes_itself()
    {
        await using var suite = await SuiteInstance.StartAsync();
        await new KubernetesRig(suite).BuildImageAsync();
        var made = await CreateAsync(suite, new ContainerSpec { Image = KubernetesRig.Image, Command = { "sh", "-c", "echo hello world; echo no >&2; exit 4" }, AutoRemove = true });
        Assert.Matches("^[a-z]+_[a-z]+$", made.Name);

        using var call = suite.Containers.Attach(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new AttachRequest { Options = new AttachOptions { Container = made.Id } }, Token);
        Assert.True(await call.ResponseStream.MoveNext(Token));
        Assert.True(call.ResponseStream.Current.Attached);
        await suite.Containers.StartAsync(new StartRequest { Container = made.Name }, cancellationToken: Token);
        var said = new Dictionary<Container.V1.Stream, string> { [Container.V1.Stream.Stdout] = "", [Container.V1.Stream.Stderr] = "" };
        int? exitCode = null;
        while (await call.ResponseStream.MoveNext(Token))
        {
            var part = call.ResponseStream.Current;
            if (part.EventCase == AttachResponse.EventOneofCase.Output)
                said[part.Output.Stream] += part.Output.Data.ToStringUtf8();
            else if (part.EventCase == AttachResponse.EventOneofCase.ExitCode)
                exitCode = part.ExitCode;
        }
        Assert.Equal(("hello world\n", "no\n", 4), (said[Container.V1.Stream.Stdout], said[Container.V1.Stream.Stderr], exitCode));
        // Gone when its end is told: the same name can be used at once.
        Assert.Empty((await suite.Containers.ListAsync(new ListRequest { All = true }, cancellationToken: Token)).Containers);
    }

    [RootFact(Needs = Needs)]
    public async Task A_container_is_created_started_stopped_started_again_and_removed()
    {
        await using var suite = await SuiteInstance.StartAsync();
        await new KubernetesRig(suite).BuildImageAsync();
        await CreateAsync(suite, new ContainerSpec { Name = "web", Image = KubernetesRig.Image, Command = { "sh", "-c", "trap 'exit 0' TERM; echo up; while :; do sleep 0.01; done" } });
        Assert.Contains("web", (await KubernetesRig.FailsAsync(StatusCode.AlreadyExists, () => CreateAsync(suite, new ContainerSpec { Name = "web", Image = KubernetesRig.Image }))).Status.Detail);
        for (var round = 0; round < 2; round++)
        {
            await suite.Containers.StartAsync(new StartRequest { Container = "web" }, cancellationToken: Token);
            var info = await InspectAsync(suite, "web");
            Assert.Equal(State.Running, info.State);
            Assert.True(info.Pid > 0);
            Assert.Equal(2, info.Addresses.Count);
            Assert.Equal("up\n", await FirstLineAsync(suite, "web"));
            await KubernetesRig.FailsAsync(StatusCode.FailedPrecondition, () => suite.Containers.RemoveAsync(new RemoveRequest { Container = "web" }, cancellationToken: Token).ResponseAsync);
            await suite.Containers.StopAsync(new StopRequest { Container = "web" }, cancellationToken: Token);
            info = await InspectAsync(suite, "web");
            Assert.Equal((State.Exited, 0), (info.State, info.ExitCode));
            // What does not run holds no address.
            Assert.Empty(info.Addresses);
        }
        Assert.Empty((await suite.Runtime.ListContainersAsync(new global::Runtime.V1.ListContainersRequest(), cancellationToken: Token)).Containers);
        await suite.Containers.RemoveAsync(new RemoveRequest { Container = "web" }, cancellationToken: Token);
        await KubernetesRig.FailsAsync(StatusCode.NotFound, () => InspectAsync(suite, "web"));
    }

    [RootFact(Needs = Needs)]
    public async Task A_command_that_does_not_exist_ends_in_127()
    {
        await using var suite = await SuiteInstance.StartAsync();
        await new KubernetesRig(suite).BuildImageAsync();
        await CreateAsync(suite, new ContainerSpec { Name = "x", Image = KubernetesRig.Image, Command = { "/no/such" } });
        Assert.Contains("/no/such", (await KubernetesRig.FailsAsync(StatusCode.NotFound, () => suite.Containers.StartAsync(new StartRequest { Container = "x" }, cancellationToken: Token).ResponseAsync)).Status.Detail);
        var info = await InspectAsync(suite, "x");
        Assert.Equal((State.Exited, 127), (info.State, info.ExitCode));
        await suite.Containers.RemoveAsync(new RemoveRequest { Container = "x" }, cancellationToken: Token);
    }

    [RootFact(Needs = Needs)]
    public async Task Exec_carries_input_and_output_and_ends_with_its_call()
    {
        await using var suite = await SuiteInstance.StartAsync();
        await new KubernetesRig(suite).BuildImageAsync();
        await CreateAsync(suite, new ContainerSpec { Name = "x", Image = KubernetesRig.Image, Command = { "sleep", "1000" } });
        await suite.Containers.StartAsync(new StartRequest { Container = "x" }, cancellationToken: Token);

        using (var call = suite.Containers.Exec(cancellationToken: Token))
        {
            await call.RequestStream.WriteAsync(new ExecRequest { Options = new ExecOptions { Container = "x", Command = { "cat" }, Stdin = true } }, Token);
            await call.RequestStream.WriteAsync(new ExecRequest { Stdin = ByteString.CopyFromUtf8("through") }, Token);
            await call.RequestStream.WriteAsync(new ExecRequest { StdinEnd = true }, Token);
            var (text, exitCode) = await ReadAsync(call);
            Assert.Equal(("through", 0), (text, exitCode));
        }

        using (var call = suite.Containers.Exec(cancellationToken: Token))
        {
            await call.RequestStream.WriteAsync(new ExecRequest { Options = new ExecOptions { Container = "x", Command = { "sleep", "777" } } }, Token);
            Assert.True(await call.ResponseStream.MoveNext(Token));
        }
        await WaitUntilAsync(() => !Directory.GetDirectories("/proc").Any(folder => CommandLineOf(folder).Contains("sleep\0777")));
        await suite.Containers.RemoveAsync(new RemoveRequest { Container = "x", Force = true }, cancellationToken: Token);
    }

    private static async Task<(string Text, int? ExitCode)> ReadAsync(AsyncDuplexStreamingCall<ExecRequest, ExecResponse> call)
    {
        var text = "";
        int? exitCode = null;
        await foreach (var part in call.ResponseStream.ReadAllAsync(Token))
        {
            if (part.EventCase == ExecResponse.EventOneofCase.Output)
                text += part.Output.Data.ToStringUtf8();
            else if (part.EventCase == ExecResponse.EventOneofCase.ExitCode)
                exitCode = part.ExitCode;
        }
        return (text, exitCode);
    }

    private static async Task<string> FirstLineAsync(SuiteInstance suite, string container)
    {
        using var call = suite.Containers.Logs(new LogsRequest { Container = container, Follow = true }, cancellationToken: Token);
        Assert.True(await call.ResponseStream.MoveNext(Token));
        return call.ResponseStream.Current.Entries[0].Line.ToStringUtf8();
    }

    private static Task<CreateResponse> CreateAsync(SuiteInstance suite, ContainerSpec spec) =>
        suite.Containers.CreateAsync(new CreateRequest { Spec = spec }, cancellationToken: Token).ResponseAsync;

    private static async Task<ContainerInfo> InspectAsync(SuiteInstance suite, string container) =>
        (await suite.Containers.InspectAsync(new InspectRequest { Container = container }, cancellationToken: Token)).Container;

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(20, Token);
    }

    private static string CommandLineOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
