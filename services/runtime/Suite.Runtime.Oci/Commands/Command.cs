using Suite.Linux.Errors;
using Suite.Runtime.Oci.CommandLines;

namespace Suite.Runtime.Oci.Commands;

/// <summary>One command of runc's command line.</summary>
internal sealed record Command(string Name, OptionNames Options, Func<Session, Options, int> Run)
{
    private static readonly Func<Command>[] All =
    [
        CreateCommand.Describe, RunCommand.Describe, StartCommand.Describe, StateCommand.Describe, KillCommand.Describe,
        DeleteCommand.Describe, ExecCommand.Describe, PsCommand.Describe, ListCommand.Describe, PauseCommand.DescribePause,
        PauseCommand.DescribeResume, UpdateCommand.Describe, EventsCommand.Describe, SpecCommand.Describe, FeaturesCommand.Describe,
        CheckpointCommand.DescribeCheckpoint, CheckpointCommand.DescribeRestore,
    ];

    public static IEnumerable<string> Names => All.Select(describe => describe().Name);

    public static Command Find(string name) =>
        All.Select(describe => describe()).FirstOrDefault(command => command.Name == name)
        ?? throw new SuiteException(ErrorKind.InvalidArgument, $"there is no command \"{name}\"; the commands are {string.Join(", ", Names)}");
}
