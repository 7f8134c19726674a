namespace Suite.Linux.Filters;

/// <summary>A condition on one argument of a system call.</summary>
/// <param name="Index">0 to 5.</param>
/// <param name="Operator">What must hold.</param>
/// <param name="Value">To compare with; with MaskedEqual, the mask.</param>
/// <param name="Masked">With MaskedEqual, what the argument under the mask must be.</param>
public readonly record struct ArgumentTest(uint Index, ArgumentOperator Operator, ulong Value, ulong Masked);

/// <summary>enum scmp_compare of seccomp.h.</summary>
public enum ArgumentOperator
{
    NotEqual = 1,
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
    MaskedEqual,
}
