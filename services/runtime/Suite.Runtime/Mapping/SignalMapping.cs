using Cri = Runtime.V1;

namespace Suite.Runtime.Mapping;

/// <summary>CRI numbers signals by their alphabet; Linux by their history.</summary>
internal static class SignalMapping
{
    // The numbers of Linux for CRI's 0 (the runtime's choice) to 34; from 35 (SIGRTMIN) on CRI's number is one more than Linux's.
    private static readonly int[] Numbers =
    [
        0, 6, 14, 7, 17, 17, 18, 8, 1, 4, 2, 29, 6, 9, 13, 29, 27, 30, 3, 11, 16, 19, 31, 15, 5, 20, 21, 22, 23, 10, 12, 26, 28, 24, 25,
    ];

    public static int ToNumber(this Cri.Signal signal)
    {
        var value = (int)signal;
        return value < 0 || value > 65 ? 0 : value < Numbers.Length ? Numbers[value] : value - 1;
    }

    public static Cri.Signal ToSignal(int number)
    {
        var place = Array.IndexOf(Numbers, number);
        return (Cri.Signal)(place >= 0 ? place : number is >= 34 and <= 64 ? number + 1 : 0);
    }
}
