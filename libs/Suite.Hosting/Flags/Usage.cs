namespace Suite.Hosting.Flags;

/// <summary>The text of --help, the same for every service.</summary>
internal static class Usage
{
    public static string Of(string service) => $"""
        Usage: suite-{service} [flags]

          --root DIR        state, kept over a reboot              [{SuitePaths.DefaultRoot}, SUITE_ROOT]
          --run DIR         sockets and locks                      [{SuitePaths.DefaultRun}, SUITE_RUN]
          --config DIR      {service}.json and conf.d/*.json{new string(' ', Math.Max(1, 19 - service.Length))}[{SuitePaths.DefaultConfig}, SUITE_CONFIG]
          --instance NAME   names what is made in the kernel       [{SuitePaths.DefaultInstance}, SUITE_INSTANCE]
          --log-level LEVEL trace, debug, info, warn, error, none  [info, SUITE_LOG_LEVEL]
          --set KEY=VALUE   one setting of {service}.json; a dot steps into a section
          --version         print the version
          --help            print this

        Settings come from {service}.json, then conf.d/*.json in the order of their names (section "{service}" of each), then
        SUITE_{service.ToUpperInvariant()}_KEY in the environment (two underscores step into a section), then --set. The last one wins.

        """;
}
