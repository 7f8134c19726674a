using Suite.Testing.Requirements;

namespace Suite.E2e.Tests.Cli;

/// <summary>Completion in the shells themselves, each in a terminal, with the tab key.</summary>
public sealed class CompletionTests(BusyboxInstance instance) : IClassFixture<BusyboxInstance>
{
    private const Need Needs = Need.Executables | Need.Busybox | Need.Shells;
    private const string ClearLine = "\u0015";

    [RootFact(Needs = Needs)]
    public Task In_bash() => CompletesAsync("bash --norc --noprofile", "PS1='$ '; source <(suite completion bash)");

    [RootFact(Needs = Needs)]
    public Task In_zsh() => CompletesAsync("zsh -f", "PS1='$ '; autoload -U compinit; compinit -u -D; source <(suite completion zsh)");

    [RootFact(Needs = Needs)]
    public Task In_fish() => CompletesAsync("fish --no-config", "suite completion fish | source");

    [RootFact(Needs = Needs)]
    public async Task Files_are_offered_where_a_file_is_meant()
    {
        await using var terminal = PseudoTerminal.Start(instance.Suite.Run, "bash --norc --noprofile");
        await terminal.SayAsync("source <(suite completion bash)");

        await terminal.TypeAsync("suite load -i /etc/hostna\t");

        await terminal.ExpectAsync("/etc/hostname");
    }

    private async Task CompletesAsync(string shell, string setup)
    {
        var image = $"{instance.Suite.Registry}/completed";
        _ = (await instance.Cli.RunAsync("tag", "busybox", image)).Good;
        _ = (await instance.Cli.RunAsync("create", "--name", "unmistakable", "busybox")).Good;
        await using var terminal = PseudoTerminal.Start(instance.Suite.Run, shell);
        await terminal.TypeAsync($"{setup}\n");
        await terminal.TypeAsync("echo re\"\"ady\n");
        await terminal.ExpectAsync("ready");

        // Of each only the beginning is typed: the rest of the word can only come from the completion.
        await LineAsync("suite unp", "ause");
        await LineAsync("suite rm unmis", "takable");
        await LineAsync("suite container rm --fo", "rce");
        await LineAsync("suite container rm unmis", "takable");
        await LineAsync("suite run --network br", "idge");
        await LineAsync("suite run --network=br", "idge");
        // With colons, at which bash takes words apart.
        await LineAsync($"suite rmi {image[..^3]}", "ted:latest");
        await terminal.TypeAsync($"{ClearLine}exit\n");
        _ = (await instance.Cli.RunAsync("rm", "unmistakable")).Good;
        _ = (await instance.Cli.RunAsync("rmi", image)).Good;

        async Task LineAsync(string typed, string rest)
        {
            await terminal.TypeAsync(ClearLine + typed + "\t");
            await terminal.ExpectAsync(rest);
        }
    }
}
