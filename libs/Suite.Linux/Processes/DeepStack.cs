using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Suite.Linux.Processes;

/// <summary>
/// Lets a recursion over a tree that strangers have made go deeper than the stack of its thread, whose overflow no handler catches. The
/// recursion asks at each level; who bounds the depth is the caller.
/// </summary>
public static class DeepStack
{
    private const int Bytes = 64 << 20; // of addresses: memory is what is used of it

    public static bool IsNearlyUsedUp => !RuntimeHelpers.TryEnsureSufficientExecutionStack();

    /// <summary>Runs the rest of a recursion on a thread of its own and returns with its end, or its exception.</summary>
    public static void GoOn(Action rest)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    rest();
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            Bytes)
        {
            IsBackground = true,
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
