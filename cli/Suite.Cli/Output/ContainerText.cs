using Suite.Cli.Syntax;
using Suite.Container.V1;

namespace Suite.Cli.Output;

/// <summary>A container in the words of a table.</summary>
internal static class ContainerText
{
    private const int CommandLength = 20;

    public static string Command(ContainerInfo container, bool whole)
    {
        var command = string.Join(' ', container.Command);
        return whole || command.Length <= CommandLength ? $"\"{command}\"" : $"\"{command[..(CommandLength - 1)]}…\"";
    }

    public static string Status(ContainerInfo container, TimeProvider time) => container.State switch
    {
        State.Running => $"Up {Up(container, time)}{(container.Health.Length > 0 ? $" ({HealthWord(container.Health)})" : "")}",
        State.Paused => $"Up {Up(container, time)} (Paused)",
        State.Restarting => $"Restarting ({container.ExitCode}) {Figures.Ago(container.FinishedAt, time)}",
        State.Exited => $"Exited ({container.ExitCode}) {Figures.Ago(container.FinishedAt, time)}",
        _ => Word(container.State),
    };

    public static string Word(State state) => state switch
    {
        State.Created => "Created",
        State.Running => "Running",
        State.Exited => "Exited",
        State.Paused => "Paused",
        State.Restarting => "Restarting",
        _ => "Unknown",
    };

    /// <summary>Whether a list shows it without being asked for all.</summary>
    public static bool IsUp(State state) => state is State.Running or State.Paused or State.Restarting;

    private static string Up(ContainerInfo container, TimeProvider time) =>
        Figures.Duration(time.GetUtcNow() - Timestamps.FromNanoseconds(container.StartedAt));

    private static string HealthWord(string health) => health == "starting" ? "health: starting" : health;

    public static string Ports(ContainerInfo container) => string.Join(
        ", ",
        container.Ports.Select(p => p.HostPort == 0
            ? $"{p.ContainerPort}/{p.Protocol}"
            : $"{PortSyntax.Format(p)}->{p.ContainerPort}/{p.Protocol}"));
}
