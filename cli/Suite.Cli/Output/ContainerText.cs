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

    /// <summary>Ports that follow each other on both sides are one range: 0.0.0.0:8079-8081->90-92/tcp.</summary>
    public static string Ports(ContainerInfo container)
    {
        var runs = new List<(PortMapping First, uint More)>();
        foreach (var port in container.Ports.OrderBy(p => p.Protocol, StringComparer.Ordinal).ThenBy(p => p.HostIp, StringComparer.Ordinal).ThenBy(p => p.HostPort > 0).ThenBy(p => p.ContainerPort).ThenBy(p => p.HostPort))
        {
            if (runs.Count > 0 && runs[^1] is var (first, more) && Follows(first, more + 1, port))
                runs[^1] = (first, more + 1);
            else
                runs.Add((port, 0));
        }

        return string.Join(", ", runs.OrderBy(run => run.First.ContainerPort).Select(Text));

        static string Text((PortMapping First, uint More) run)
        {
            var inside = $"{Range(run.First.ContainerPort, run.More)}/{run.First.Protocol}";
            return run.First.HostPort == 0 ? inside : $"{PortSyntax.Host(run.First)}:{Range(run.First.HostPort, run.More)}->{inside}";
        }

        static string Range(uint first, uint more) => more == 0 ? $"{first}" : $"{first}-{first + more}";
    }

    private static bool Follows(PortMapping first, uint steps, PortMapping port) =>
        port.Protocol == first.Protocol && port.HostIp == first.HostIp && port.ContainerPort == first.ContainerPort + steps
        && (first.HostPort == 0 ? port.HostPort == 0 : port.HostPort == first.HostPort + steps);
}
