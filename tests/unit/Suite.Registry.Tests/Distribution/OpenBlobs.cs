using System.Diagnostics;

namespace Suite.Registry.Tests.Distribution;

/// <summary>Descriptors of this process that lead to a registry's blobs.</summary>
internal static class OpenBlobs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static int Count(string state) => Directory.GetFiles("/proc/self/fd").Count(link => TargetOf(link).StartsWith(Path.Combine(state, "blobs"), StringComparison.Ordinal));

    /// <summary>Waits until there are none: the end of a connection is seen a moment after the client has gone.</summary>
    public static async Task NoneAsync(string state)
    {
        for (var began = Stopwatch.GetTimestamp(); Count(state) > 0 && Stopwatch.GetElapsedTime(began) < Patience;)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.Equal(0, Count(state));
    }

    private static string TargetOf(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName ?? "";
        }
        catch (IOException)
        {
            // Closed meanwhile.
            return "";
        }
    }
}
