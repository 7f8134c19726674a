namespace Suite.Runtime.Names;

/// <summary>Names for containers whose maker gave none: something seen, on some shore.</summary>
internal static class MadeUpNames
{
    private static readonly string[] Adjectives =
    [
        "amber", "ample", "arctic", "autumn", "balmy", "brave", "breezy", "bright", "brisk", "calm", "candid", "cheery", "clear",
        "clever", "coastal", "copper", "coral", "cosy", "crisp", "dapper", "deep", "eager", "early", "earnest", "fair", "fleet",
        "fond", "fresh", "gentle", "glad", "golden", "grand", "green", "hardy", "hazel", "honest", "humble", "ivory", "jolly",
        "keen", "kind", "lively", "lofty", "lucid", "lunar", "mellow", "merry", "mild", "misty", "modest", "neat", "nimble",
        "northern", "open", "patient", "plain", "polar", "proud", "quick", "quiet", "rapid", "ready", "robust", "rosy", "sandy",
        "serene", "sharp", "silver", "sincere", "smooth", "snowy", "solid", "spry", "steady", "still", "sunny", "swift", "tidal",
        "tidy", "tranquil", "trim", "true", "upbeat", "vivid", "warm", "wise", "witty", "young", "zesty",
    ];

    private static readonly string[] Nouns =
    [
        "albatross", "anchor", "anemone", "atoll", "auk", "barnacle", "bay", "beacon", "beluga", "bollard", "breaker", "brig",
        "buoy", "cape", "capstan", "clam", "cliff", "clipper", "cormorant", "cove", "crab", "current", "cutter", "delta",
        "dinghy", "dolphin", "dory", "dune", "eddy", "estuary", "ferry", "fjord", "frigate", "galley", "gannet", "grebe", "gull",
        "halyard", "harbour", "heron", "inlet", "islet", "jetty", "kayak", "keel", "ketch", "kelp", "lagoon", "lantern",
        "lighthouse", "limpet", "loon", "lugger", "marlin", "marsh", "mast", "mooring", "narwhal", "nautilus", "oar", "orca",
        "osprey", "otter", "oyster", "pelican", "petrel", "pier", "plover", "porpoise", "puffin", "quay", "raft", "reef",
        "rudder", "sail", "sandpiper", "schooner", "seal", "shoal", "skerry", "skiff", "sloop", "spit", "starfish", "strait",
        "tern", "tide", "tiller", "trawler", "tug", "urchin", "walrus", "wave", "whale", "wharf", "yawl",
    ];

    /// <param name="isTaken">Asked for each candidate. After some tries a number is added, so that one is always found.</param>
    public static string Make(Func<string, bool> isTaken, Random random)
    {
        for (var attempt = 0; ; attempt++)
        {
            var name = $"{Adjectives[random.Next(Adjectives.Length)]}_{Nouns[random.Next(Nouns.Length)]}";
            if (attempt > 8)
                name += random.Next(10_000).ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (!isTaken(name))
                return name;
        }
    }
}
