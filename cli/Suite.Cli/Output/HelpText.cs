using System.CommandLine;
using Suite.Cli.Commands;

namespace Suite.Cli.Output;

/// <summary>What --help prints, for the whole and for one command.</summary>
internal static class HelpText
{
    private const int Indent = 2;
    private const int WidestLeft = 32;

    public static void Write(TextWriter writer, SuiteCommand? command, int columns)
    {
        if (command is null)
            WriteAll(writer, columns);
        else
            WriteOne(writer, command, columns);
    }

    private static void WriteAll(TextWriter writer, int columns)
    {
        writer.WriteLine("Usage:  suite [OPTIONS] COMMAND");
        writer.WriteLine();
        writer.WriteLine("Containers, images, networks and a registry on this machine.");
        foreach (var group in Catalog.Entries.GroupBy(e => e.Group))
        {
            writer.WriteLine();
            writer.WriteLine($"{group.Key}:");
            WriteColumns(writer, [.. group.Select(e => (e.Name, e.Make().Description ?? ""))], columns);
        }

        writer.WriteLine();
        writer.WriteLine("Options:");
        WriteColumns(writer, [.. GlobalOptions.All.Select(Row)], columns);
        writer.WriteLine();
        writer.WriteLine("Run \"suite COMMAND --help\" for more on a command.");
    }

    private static void WriteOne(TextWriter writer, SuiteCommand command, int columns)
    {
        writer.WriteLine($"Usage:  suite {command.Words} {command.Synopsis}");
        writer.WriteLine();
        writer.WriteLine(command.Description);
        writer.WriteLine();
        if (command is CommandGroup group)
        {
            writer.WriteLine("Commands:");
            WriteColumns(writer, [.. group.Members.Select(member => (member.Name, member.Description ?? ""))], columns);
            writer.WriteLine();
        }

        writer.WriteLine("Options:");
        var own = command.Options.OrderBy(o => o.Name, StringComparer.Ordinal);
        WriteColumns(writer, [.. own.Concat(GlobalOptions.Inherited).DistinctBy(o => o.Name).Select(Row)], columns);
    }

    private static (string, string) Row(Option option)
    {
        var brief = option.Aliases.FirstOrDefault(a => a.Length == 2);
        var left = (brief is null ? "    " : $"{brief}, ") + option.Name + (option.HelpName is null ? "" : $" {option.HelpName}");
        return (left, option.Description ?? "");
    }

    private static void WriteColumns(TextWriter writer, IReadOnlyList<(string Left, string Right)> rows, int columns)
    {
        // One long option must not press the words about all into a narrow column: what is longer stands on a line of its own.
        var left = rows.Select(r => r.Left.Length).Where(length => length <= WidestLeft).DefaultIfEmpty(WidestLeft).Max() + 3;
        var right = Math.Max(20, Math.Min(columns, 132) - left - Indent);
        foreach (var row in rows)
        {
            var prefix = row.Left;
            if (prefix.Length > left - 3)
            {
                writer.WriteLine(new string(' ', Indent) + prefix);
                prefix = "";
            }

            foreach (var line in Wrap(row.Right, right))
            {
                writer.WriteLine(new string(' ', Indent) + prefix.PadRight(left) + line);
                prefix = "";
            }
        }
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        while (text.Length > width)
        {
            var end = text.LastIndexOf(' ', width);
            if (end <= 0)
                break;
            yield return text[..end];
            text = text[(end + 1)..];
        }

        yield return text;
    }
}
