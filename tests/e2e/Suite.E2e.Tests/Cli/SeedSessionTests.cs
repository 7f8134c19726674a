using Suite.Testing.Requirements;

namespace Suite.E2e.Tests.Cli;

/// <summary>
/// The session of a tutorial on Docker 1.10, command by command with suite in docker's place, as docs/from-docker.md tells it: in a
/// terminal, by a shell, so that what is tested is what a person sees.
/// </summary>
public sealed class SeedSessionTests(BusyboxInstance instance) : IClassFixture<BusyboxInstance>
{
    private const Need Needs = Need.Executables | Need.Busybox;

    [RootFact(Needs = Needs)]
    public async Task From_a_pull_to_an_image_of_ones_own_in_a_registry_of_ones_own()
    {
        var registry = instance.Suite.Registry;
        // What the tutorial pulls from Docker's registry lies in the one of this machine.
        _ = (await instance.Cli.RunAsync("tag", "busybox", $"{registry}/debian")).Good;
        _ = (await instance.Cli.RunAsync("push", $"{registry}/debian")).Good;
        _ = (await instance.Cli.RunAsync("rmi", $"{registry}/debian")).Good;

        await using var shell = PseudoTerminal.Start(instance.Suite.Run, "stty rows 40 cols 160; exec sh");
        await shell.NameAsync();
        Assert.Contains("debian", await shell.SayAsync("suite search debian"));
        Assert.Contains("Digest: sha256:", await shell.SayAsync($"suite pull {registry}/debian"));
        Assert.Contains($"{registry}/debian", await shell.SayAsync("suite images"));
        Assert.Contains("sha256:", await shell.SayAsync("suite inspect " + $"{registry}/debian"));

        // A shell in a container, left by the detach keys, looked at, stopped and started again.
        await shell.TypeAsync($"suite run -it --name first {registry}/debian sh\n");
        await shell.ExpectAsync("/ # ");
        Assert.Contains("first-host", await shell.SayAsync("echo first-$(printf host); hostname"));
        await shell.LeaveAsync();
        Assert.Contains("Up ", await shell.SayAsync("suite ps -f name=first"));
        Assert.DoesNotContain("first ", (await shell.SayAsync("suite stop -t 0 first >/dev/null; suite ps -q -f name=first | wc -l")).Split('\n')[^2]);
        Assert.Contains("Exited (137)", await shell.SayAsync("suite ps -a -f name=first"));
        await shell.TypeAsync("suite start -i first\n");
        await shell.ExpectAsync("/ # ");
        Assert.Contains("again-here", await shell.SayAsync("echo again-$(printf here)"));
        await shell.LeaveAsync();

        // One in the background.
        Assert.Matches("[0-9a-f]{64}", await shell.SayAsync($"suite run -d -it --name second {registry}/debian sh -c 'while :; do echo tick; sleep 0.1; done'"));
        await shell.TypeAsync("suite attach second\n");
        await shell.ExpectAsync("tick");
        await shell.LeaveAsync();
        Assert.Contains("tick", await shell.SayAsync("suite logs --tail 3 second"));
        Assert.Contains("sleep 0.1", await shell.SayAsync("suite top second"));
        Assert.Contains("(Paused)", await shell.SayAsync("suite pause second; suite ps -f name=second"));
        Assert.DoesNotContain("(Paused)", await shell.SayAsync("suite unpause second; suite ps -f name=second"));
        Assert.Contains("second", await shell.SayAsync("suite restart -t 0 second"));
        Assert.Contains("Exited (137)", await shell.SayAsync("suite kill second; suite wait second; suite ps -a -f name=second"));
        Assert.Contains("die", await shell.SayAsync("suite events --since 5m --until 0s -f container=second -f event=die"));
        Assert.Contains("second", await shell.SayAsync("suite rm second"));

        // One that removes itself.
        Assert.Contains("hello world", await shell.SayAsync($"suite run --rm {registry}/debian echo hello world"));

        // A user is added, which makes an image of its own.
        Assert.Contains("id: unknown user seed", await shell.SayAsync($"suite run --rm {registry}/debian id seed"));
        await shell.SayAsync($"suite run --name third {registry}/debian sh -c 'echo seed:x:1000:1000::/:/bin/sh >> /etc/passwd'");
        Assert.Contains("C /etc/passwd", await shell.SayAsync("suite diff third"));
        Assert.Contains("sha256:", await shell.SayAsync("suite commit -m 'a user' -a me third seed"));
        Assert.Contains("uid=1000(seed)", await shell.SayAsync("suite run --rm seed id seed"));
        Assert.Contains("a user", await shell.SayAsync("suite history seed"));

        // And goes into the registry, from where others have it.
        Assert.Contains("Digest: sha256:", await shell.SayAsync($"suite tag seed {registry}/seed && suite push {registry}/seed"));
        Assert.Contains("Untagged: seed:latest", await shell.SayAsync($"suite rmi seed {registry}/seed"));
        Assert.Contains("uid=1000(seed)", await shell.SayAsync($"suite run --rm {registry}/seed id seed"));

        Assert.Contains("third", await shell.SayAsync("suite rm -f first third"));
        Assert.Contains("Storage driver: ", await shell.SayAsync("suite info"));
        Assert.Contains("Server:", await shell.SayAsync("suite version"));
        await shell.TypeAsync("exit\n");
        Assert.Equal(0, await shell.EndAsync());
    }

    [RootFact(Needs = Needs)]
    public async Task Links_volumes_and_a_dockerfile()
    {
        await using var shell = PseudoTerminal.Start(instance.Suite.Run, "stty rows 40 cols 160; exec sh");

        await shell.SayAsync("suite volume create data");
        await shell.SayAsync("suite run -d --name db --expose 5432 -v data:/data -e SECRET=x busybox sh -c 'echo kept > /data/file; sleep 1000'");
        var linked = await shell.SayAsync("suite run --rm --link db:database --volumes-from db busybox sh -c 'cat /data/file; env; grep database /etc/hosts'");
        Assert.Contains("kept", linked);
        Assert.Contains("DATABASE_PORT_5432_TCP_PORT=5432", linked);
        Assert.Contains("DATABASE_ENV_SECRET=x", linked);
        Assert.Matches(@"\d+\.\d+\.\d+\.\d+\s+database", linked);
        Assert.Contains("data", await shell.SayAsync("suite volume ls"));
        // The name is used, be it by a container that does not run.
        Assert.Contains("db", await shell.SayAsync("suite stop -t 0 db; suite volume rm data"));
        Assert.Contains("data", await shell.SayAsync("suite rm db; suite volume rm data"));

        await shell.SayAsync("mkdir -p /tmp/$$ && printf 'FROM busybox\\nENV GREETING=hi\\nCMD echo $GREETING from a file\\n' > /tmp/$$/Dockerfile");
        Assert.Contains("hi from a file", await shell.SayAsync("suite build -t greeting /tmp/$$ && suite run --rm greeting; rm -r /tmp/$$; suite rmi greeting"));
        await shell.TypeAsync("exit\n");
        Assert.Equal(0, await shell.EndAsync());
    }
}
