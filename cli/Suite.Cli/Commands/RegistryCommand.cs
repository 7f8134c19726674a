namespace Suite.Cli.Commands;

/// <summary>What looks after the registry of this machine.</summary>
internal sealed class RegistryCommand() : CommandGroup(
    "registry",
    "Look after the registry of this machine",
    new RegistryStatusCommand(),
    new RegistryListCommand(),
    new RegistryRemoveCommand(),
    new RegistryCollectCommand(),
    new RegistryVerifyCommand(),
    new RegistryCertificateCommand());
