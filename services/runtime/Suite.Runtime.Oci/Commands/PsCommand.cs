using System.Globalization;
using Suite.Linux.Handles;
using Suite.Runtime.Oci.CommandLines;
using Suite.Runtime.Oci.Containers;
using Suite.Runtime.Oci.Outputs;

namespace Suite.Runtime.Oci.Commands;

/// <summary>The container's processes, with their ids on the host.</summary>
internal static class PsCommand
{
    public static Command Describe() => new("ps", new OptionNames([], ["format|f"]), Run);

    private static int Run(Session session, Options options)
    {
        if (options.Words.Count != 1)
            throw options.Wrong("takes the container's id alone; options of ps(1) behind it are not built");
        var pids = CgroupTree.Processes(session.Root.Find(options.Words[0]));
        switch (options.Value("format") ?? "table")
        {
            case "json":
                Output.Line($"[{string.Join(',', pids)}]");
                return 0;
            case "table":
                Columns.Print(["UID", "PID", "PPID", "STAT", "CMD"], pids.Select(Row).OfType<string[]>());
                return 0;
            default:
                throw options.Wrong("--format is table or json");
        }
    }

    /// <returns>Null for a process that has ended since.</returns>
    private static string[]? Row(int pid)
    {
        if (Descriptor.TryReadText($"/proc/{pid}/status") is not { Length: > 0 } status)
            return null;
        var command = (Descriptor.TryReadText($"/proc/{pid}/cmdline") ?? "").Replace('\0', ' ').Trim();
        return
        [
            Field(status, "Uid:"), pid.ToString(CultureInfo.InvariantCulture), Field(status, "PPid:"), Field(status, "State:"),
            command.Length > 0 ? command : $"[{Field(status, "Name:")}]",
        ];
    }

    private static string Field(string status, string name) =>
        status.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";
}
