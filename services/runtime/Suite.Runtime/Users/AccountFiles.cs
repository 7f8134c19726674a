using System.Globalization;

namespace Suite.Runtime.Users;

/// <summary>A line of /etc/passwd (passwd(5)), as far as starting a process needs it.</summary>
internal readonly record struct Account(string Name, uint Uid, uint Gid, string Home);

/// <summary>A line of /etc/group (group(5)).</summary>
internal readonly record struct Group(string Name, uint Gid, IReadOnlyList<string> Members);

/// <summary>An image's accounts. The text comes from the image and is hostile: lines that do not parse are passed over.</summary>
internal sealed class AccountFiles
{
    public AccountFiles(string passwd, string group)
    {
        Accounts = [.. Lines(passwd).Select(ParseAccount).OfType<Account>()];
        Groups = [.. Lines(group).Select(ParseGroup).OfType<Group>()];
    }

    public IReadOnlyList<Account> Accounts { get; }

    public IReadOnlyList<Group> Groups { get; }

    private static IEnumerable<string[]> Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r').Split(':'));

    private static Account? ParseAccount(string[] fields) =>
        fields.Length >= 6 && fields[0].Length > 0 && IsNumber(fields[2], out var uid) && IsNumber(fields[3], out var gid)
            ? new Account(fields[0], uid, gid, fields[5])
            : null;

    private static Group? ParseGroup(string[] fields) =>
        fields.Length >= 3 && fields[0].Length > 0 && IsNumber(fields[2], out var gid)
            ? new Group(fields[0], gid, fields.Length > 3 ? fields[3].Split(',', StringSplitOptions.RemoveEmptyEntries) : [])
            : null;

    private static bool IsNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
