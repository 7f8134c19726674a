using Suite.Network.Plugins;

namespace Suite.Network.Networks;

/// <summary>Whether sandboxes can be attached, and why not: a word for programs, a sentence for people.</summary>
internal sealed class Readiness(BridgeKeeper keeper, PluginReadiness plugins)
{
    public const string PluginNotReady = "NetworkPluginNotReady"; // what other runtimes say, and monitoring asks for
    public const string BridgeNotReady = "BridgeNotReady";

    /// <returns>Null when they can.</returns>
    public async Task<(string Reason, string Message)?> ProblemAsync(CancellationToken cancellationToken) =>
        await plugins.ProblemAsync(cancellationToken) is { } problem ? (PluginNotReady, problem)
        : keeper.Failure is { } failure ? (BridgeNotReady, failure)
        : null;
}
