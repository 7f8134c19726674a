using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;
using Xunit.v3;

namespace Suite.Testing.Requirements;

/// <summary>
/// Tests with data that need root, and more where <see cref="Needs"/> says so. On a developer's machine they are skipped with the reason when they
/// cannot run; in CI (CI=true) they fail with the reason instead.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootTheoryAttribute : TheoryAttribute, IBeforeAfterTestAttribute
{
    private Need _needs;

    public RootTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Needs = Need.Root;
    }

    /// <summary>What is needed beside root.</summary>
    public Need Needs
    {
        get => _needs;
        set
        {
            _needs = value | Need.Root;
            Skip = Machine.SkipReason(_needs);
        }
    }

    public void Before(MethodInfo methodUnderTest, IXunitTest test) => Machine.Require(Needs);

    public void After(MethodInfo methodUnderTest, IXunitTest test)
    {
    }
}
