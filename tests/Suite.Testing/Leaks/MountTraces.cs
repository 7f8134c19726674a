namespace Suite.Testing.Leaks;

/// <summary>Mounts, those that keep a namespace alive included (proc(5), /proc/PID/mountinfo).</summary>
internal static class MountTraces
{
    public static IEnumerable<string> Of(string instance)
    {
        foreach (var line in File.ReadLines("/proc/self/mountinfo"))
        {
            // "36 35 98:0 /root /mount/point options [optional…] - type source superoptions"
            var fields = line.Split(' ');
            var separator = Array.IndexOf(fields, "-");
            if (separator < 0 || !Traces.Names($"{fields[3]} {fields[4]} {fields[^1]}", instance))
                continue;
            var kind = fields[separator + 1] == "nsfs" ? "namespace" : $"{fields[separator + 1]} mount";
            yield return $"{kind} {fields[4]}";
        }
    }
}
