using System.Globalization;
using System.Text.Json;
using Suite.Runtime.Oci.CommandLines;
using Suite.Runtime.Oci.Outputs;

namespace Suite.Runtime.Oci.Commands;

internal static class ListCommand
{
    public static Command Describe() => new("list", new OptionNames(["quiet|q"], ["format|f"]), Run);

    private static int Run(Session session, Options options)
    {
        IReadOnlyList<ShownState> shown = [.. session.Root.All().Select(ShownState.Of)];
        if (options.Has("quiet"))
        {
            foreach (var state in shown)
                Output.Line(state.Id);
            return 0;
        }

        switch (options.Value("format") ?? "table")
        {
            case "json":
                Output.Line(JsonSerializer.Serialize(shown, ShownStateJson.Default.IReadOnlyListShownState));
                return 0;
            case "table":
                Columns.Print(
                    ["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"],
                    shown.Select(state => (string[])
                    [
                        state.Id, state.Pid.ToString(CultureInfo.InvariantCulture), state.Status, state.Bundle,
                        state.Created.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture), state.Owner,
                    ]));
                return 0;
            default:
                throw options.Wrong("--format is table or json");
        }
    }
}
