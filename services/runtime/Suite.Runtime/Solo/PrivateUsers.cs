using Suite.Linux.Errors;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;

namespace Suite.Runtime.Solo;

/// <summary>
/// Gives a container 65536 users of the host that no other pod here has. They begin far above what login.defs(5) and subuid(5)
/// give to people, and above the 110 ranges that kubelet hands out of its own.
/// </summary>
internal sealed class PrivateUsers(Inventory inventory)
{
    public const uint Count = 1 << 16;

    private const uint First = 1 << 30;
    private const uint End = 1u << 31;

    private readonly Lock _choosing = new();

    /// <summary>Records the pod with its users: from then on they are taken.</summary>
    public void Add(Pod pod)
    {
        lock (_choosing)
            inventory.Add(pod with { Config = pod.Config with { Users = Free(inventory.Pods.Select(other => other.Config.Users).OfType<UserMap>()) } });
    }

    public static UserMap Free(IEnumerable<UserMap> taken)
    {
        var ranges = taken.SelectMany(map => (IdRange[])[map.Users, map.Groups]).ToArray();
        for (var first = First; first < End; first += Count)
        {
            var range = new IdRange(first, Count);
            if (!ranges.Any(other => Overlap(range, other)))
                return new UserMap(range, range);
        }
        throw new SuiteException(ErrorKind.ResourceExhausted, $"no range of {Count} users is free for one more container: remove some that have users of their own");
    }

    private static bool Overlap(IdRange one, IdRange other) => one.First < (long)other.First + other.Count && other.First < (long)one.First + one.Count;
}
