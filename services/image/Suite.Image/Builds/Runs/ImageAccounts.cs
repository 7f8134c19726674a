using System.Globalization;
using Suite.Image.Builds.Copies;
using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Graph.Drivers;

namespace Suite.Image.Builds.Runs;

/// <summary>Users and groups by name, as the image's own files have them.</summary>
internal sealed class ImageAccounts
{
    private const int LargestFile = 1024 * 1024;

    private readonly IReadOnlyList<string[]> _users;
    private readonly IReadOnlyList<string[]> _groups;

    private ImageAccounts(string users, string groups) => (_users, _groups) = (Lines(users), Lines(groups));

    public static ImageAccounts Of(ILayerView image)
    {
        using var files = new LayerSource(image.Open());
        return new ImageAccounts(Read(files, "etc/passwd"), Read(files, "etc/group"));
    }

    /// <param name="owner">"user[:group]", names or numbers.</param>
    /// <returns>Without a group, the user's own where it is named, and the same number otherwise.</returns>
    public (uint User, uint Group) Find(Instruction at, string owner)
    {
        var parts = owner.Split(':', 2);
        var account = _users.FirstOrDefault(u => u[0] == parts[0]);
        if (!Number(parts[0], out var user))
        {
            if (account is not { Length: > 3 } || !Number(account[2], out user)) throw at.Wrong($"names the user '{parts[0]}', whom the image's /etc/passwd does not have");
        }

        if (parts.Length == 1 || parts[1].Length == 0) return (user, account is { Length: > 3 } && !Number(parts[0], out _) && Number(account[3], out var own) ? own : user);
        if (Number(parts[1], out var group)) return (user, group);
        return _groups.FirstOrDefault(g => g[0] == parts[1]) is { Length: > 2 } found && Number(found[2], out group)
            ? (user, group) : throw at.Wrong($"names the group '{parts[1]}', which the image's /etc/group does not have");
    }

    private static bool Number(string text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static IReadOnlyList<string[]> Lines(string text) => [.. text.Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(':'))];

    private static string Read(LayerSource files, string path)
    {
        if (files.Find(path) is not { IsFile: true, Size: <= LargestFile } file) return "";
        using var reader = new StreamReader(files.Open(file));
        return reader.ReadToEnd();
    }
}
