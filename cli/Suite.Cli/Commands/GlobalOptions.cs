using System.CommandLine;

namespace Suite.Cli.Commands;

/// <summary>Options of every command.</summary>
internal static class GlobalOptions
{
    public static readonly Option<bool> Help = new("--help")
    {
        Description = "Print this help",
        Arity = ArgumentArity.Zero,
        Recursive = true,
    };

    public static readonly Option<bool> Version = new("--version", "-v") { Description = "Print the version", Arity = ArgumentArity.Zero };

    public static readonly Option<string?> Run = new("--run")
    {
        Description = "Folder of the services' sockets (environment: SUITE_RUN; default: /run/suite)",
        HelpName = "DIR",
        Recursive = true,
    };

    public static readonly Option<string?> Host = new("--host", "-H")
    {
        Description = "Socket of suite-runtime, for example unix:///run/suite/runtime.sock; the others are beside it",
        HelpName = "ADDRESS",
        Recursive = true,
    };

    public static IReadOnlyList<Option> All => [Host, Run, Help, Version];

    public static IReadOnlyList<Option> Inherited => [Host, Run, Help];
}
