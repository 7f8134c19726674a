namespace Suite.Cli.Commands;

/// <summary>What looks after the cache of builds.</summary>
internal sealed class BuilderCommand() : CommandGroup("builder", "Look after the cache of builds", new BuilderPruneCommand());
