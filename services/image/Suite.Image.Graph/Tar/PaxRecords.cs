using System.Buffers.Text;
using Suite.Linux.Errors;

namespace Suite.Image.Graph.Tar;

/// <summary>
/// The records of an extended header: <c>LENGTH KEY=VALUE\n</c> (POSIX.1-2001 pax). The length counts the whole record, so that
/// values may hold any byte, and extended attributes do.
/// </summary>
internal static class PaxRecords
{
    /// <summary>Applies the records of one file to its entry.</summary>
    /// <param name="sparse">What they say about holes; null: nothing.</param>
    /// <returns>The size, when a record overrides the header's.</returns>
    public static long? Apply(ReadOnlySpan<byte> records, TarEntry entry, out PaxSparse? sparse)
    {
        sparse = null;
        long? size = null;
        while (!records.IsEmpty)
        {
            var record = Next(ref records);
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0) throw Bad("a record has no key");
            var key = record[..equals];
            var value = record[(equals + 1)..];

            if (key.StartsWith("SCHILY.xattr."u8)) entry.Xattrs.Add((key["SCHILY.xattr.".Length..].ToArray(), value.ToArray()));
            else if (key.StartsWith("GNU.sparse."u8)) (sparse ??= new PaxSparse()).Take(key["GNU.sparse.".Length..], value);
            else if (key.SequenceEqual("path"u8)) entry.Name = NotEmpty(value);
            else if (key.SequenceEqual("linkpath"u8)) entry.LinkName = NotEmpty(value);
            else if (key.SequenceEqual("size"u8)) size = Number(value, "size");
            else if (key.SequenceEqual("uid"u8)) entry.User = TarHeader.Id(Number(value, "uid"));
            else if (key.SequenceEqual("gid"u8)) entry.Group = TarHeader.Id(Number(value, "gid"));
            else if (key.SequenceEqual("mtime"u8)) (entry.ModifiedSeconds, entry.ModifiedNanoseconds) = Time(value);
            // Everything else is a remark: atime, uname, comment, LIBARCHIVE.* …
        }

        if (sparse?.Name is { } real) entry.Name = real;
        return size is < 0 ? throw Bad("the size is negative") : size;
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> records)
    {
        if (!Utf8Parser.TryParse(records, out int length, out var digits) || digits >= records.Length || records[digits] != ' ')
            throw Bad("a record has no length");
        if (length <= digits + 2 || length > records.Length || records[length - 1] != '\n') throw Bad("a record's length is wrong");
        var record = records[(digits + 1)..(length - 1)];
        records = records[length..];
        return record;
    }

    public static long Number(ReadOnlySpan<byte> value, string what) =>
        Utf8Parser.TryParse(value, out long number, out var used) && used == value.Length ? number : throw Bad($"the {what} is not a number");

    /// <summary>Seconds with a fraction of any length: 1350244992.023960108, also negative.</summary>
    private static (long Seconds, int Nanoseconds) Time(ReadOnlySpan<byte> value)
    {
        var point = value.IndexOf((byte)'.');
        var whole = point < 0 ? value : value[..point];
        var negative = whole.StartsWith("-"u8);
        var seconds = Number(whole, "time");
        var nanoseconds = 0;
        if (point >= 0)
        {
            var scale = 100_000_000;
            foreach (var digit in value[(point + 1)..])
            {
                if (digit is < (byte)'0' or > (byte)'9') throw Bad("the time is not a number");
                nanoseconds += (digit - '0') * scale;
                scale /= 10;
            }
        }

        return negative && nanoseconds > 0 ? (seconds - 1, 1_000_000_000 - nanoseconds) : (seconds, nanoseconds);
    }

    public static byte[] NotEmpty(ReadOnlySpan<byte> value) => value.IsEmpty ? throw Bad("a name is empty") : value.ToArray();

    public static SuiteException Bad(string why) => new(ErrorKind.Corrupt, $"The tar stream is damaged: in an extended header {why}.");
}
