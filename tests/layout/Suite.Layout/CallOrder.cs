namespace Suite.Layout;

/// <summary>
/// The order in which the functions of an executable should lie: those that most of its processes call, those that some call, by role, and
/// last those that only a start needs. What is needed together is then on the same pages.
/// </summary>
internal static class CallOrder
{
    public static IReadOnlyList<string> Of(TracedExecutable executable)
    {
        var roles = executable.Lives.Select(life => life.Role).Distinct().Order(StringComparer.Ordinal).ToList();
        var facts = new Dictionary<ulong, Fact>();
        foreach (var life in executable.Lives)
        {
            foreach (var address in life.Lasting)
                FactOf(address).Called(roles.IndexOf(life.Role));
            foreach (var address in life.Start)
                _ = FactOf(address);
        }

        Fact FactOf(ulong address) => facts.TryGetValue(address, out var fact) ? fact : facts[address] = new Fact(facts.Count);
        int Rank(Fact fact) => fact.Times * 2 >= executable.Lives.Count ? 0 : fact.Times > 0 ? 1 : 2;
        return
        [
            .. facts.OrderBy(pair => Rank(pair.Value)).ThenBy(pair => pair.Value.Roles).ThenBy(pair => pair.Value.First)
                .SelectMany(pair => executable.Functions[pair.Key]),
        ];
    }

    private sealed class Fact(int first)
    {
        public int First => first;

        /// <summary>How many processes called it when they did what they are for.</summary>
        public int Times { get; private set; }

        /// <summary>A bit for each role.</summary>
        public ulong Roles { get; private set; }

        public void Called(int role)
        {
            Times++;
            Roles |= 1ul << role;
        }
    }
}
