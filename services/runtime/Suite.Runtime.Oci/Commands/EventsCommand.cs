using System.Globalization;
using System.Text.Json;
using Suite.Linux.Errors;
using Suite.Runtime.Oci.CommandLines;
using Suite.Runtime.Oci.Containers;
using Suite.Runtime.Oci.Outputs;

namespace Suite.Runtime.Oci.Commands;

/// <summary>Prints what a container uses, a JSON object a line, every interval until it stops, or once with --stats.</summary>
internal static class EventsCommand
{
    public static Command Describe() => new("events", new OptionNames(["stats"], ["interval"]), Run);

    private static int Run(Session session, Options options)
    {
        var container = session.Root.Find(options.OnlyId());
        var interval = Interval(options);
        container.NeedAlive("watch the container");
        var kills = 0L;
        while (true)
        {
            var killed = container.Cgroup.OomKills();
            if (killed > kills)
                Output.Line($"{{\"type\":\"oom\",\"id\":\"{container.Id}\"}}");
            kills = killed;
            Output.Line(JsonSerializer.Serialize(new StatsEvent("stats", container.Id, ContainerStats.Read(container)), StatsJson.Default.StatsEvent));
            if (options.Has("stats"))
                return 0;
            Thread.Sleep(interval);
            if (!container.Alive)
                return 0;
        }
    }

    /// <summary>As Go writes durations, in one unit: 5s, 500ms, 1m.</summary>
    private static TimeSpan Interval(Options options)
    {
        var text = options.Value("interval") ?? "5s";
        var unit = text.TrimStart("0123456789.".ToCharArray());
        var factor = unit switch { "ms" => 0.001, "s" => 1, "m" => 60, "h" => 3600, _ => 0 };
        if (factor == 0 || !double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number <= 0)
            throw new SuiteException(ErrorKind.InvalidArgument, $"events: --interval is a time such as 5s or 500ms, not \"{text}\"");
        return TimeSpan.FromSeconds(number * factor);
    }
}
