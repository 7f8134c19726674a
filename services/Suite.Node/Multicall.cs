using Suite.Hosting;
using Suite.Image;
using Suite.Network;
using Suite.Runtime;

namespace Suite.Node;

/// <summary>
/// The three services of a node are processes of their own, but of one file: it is the service whose name it is called by, suite-runtime
/// for example, or the one named by the first word that follows <c>suite-node</c>.
/// </summary>
internal static class Multicall
{
    private const string Prefix = "suite-";

    /// <param name="name">The path that the program was called by, argv[0] of execve(2).</param>
    /// <param name="args">What follows.</param>
    /// <returns>As <see cref="SuiteHost.RunAsync"/>; 2 where no service is named.</returns>
    public static Task<int> RunAsync(string name, string[] args)
    {
        var called = Path.GetFileName(name);
        if (called.StartsWith(Prefix, StringComparison.Ordinal) && Parts(called[Prefix.Length..]) is { } own)
            return SuiteHost.RunAsync(called[Prefix.Length..], args, own);
        if (args is [var first, ..] && Parts(first) is { } asked)
            return SuiteHost.RunAsync(first, args[1..], asked);

        Console.Error.WriteLine("suite-node: no service is named: write runtime, image or network first, or call it by the name suite-runtime");
        return Task.FromResult(2);
    }

    private static Action<SuiteHostBuilder>? Parts(string service) => service switch
    {
        "image" => ImageHost.Compose,
        "network" => NetworkComposition.Compose,
        "runtime" => RuntimeParts.AddTo,
        _ => null,
    };
}
