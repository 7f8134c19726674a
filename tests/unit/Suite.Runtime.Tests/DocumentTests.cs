using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Suite.Testing.Files;

namespace Suite.Runtime.Tests;

/// <summary>docs/cri.md is about these contracts and these tests.</summary>
public sealed partial class DocumentTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(TestPaths.RepositoryRoot, "docs", "cri.md"));

    [Fact]
    public void Every_call_has_a_row_and_every_row_is_a_call()
    {
        var calls = global::Runtime.V1.ApiReflection.Descriptor.Services.Concat(Suite.Container.V1.ContainerReflection.Descriptor.Services)
            .SelectMany(service => service.Methods).Select(method => method.Name).Order();
        Assert.Equal(calls, Row().Matches(Text).Select(match => match.Groups[1].Value).Order());
    }

    [Fact]
    public void Every_row_names_a_test_and_every_test_exists()
    {
        var classes = Directory.EnumerateFiles(Path.Combine(TestPaths.RepositoryRoot, "tests"), "*Tests.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).ToHashSet();
        Assert.DoesNotContain(TestClass().Matches(Text).Select(match => match.Groups[1].Value).Distinct(), name => !classes.Contains(name));
        Assert.DoesNotContain(Text.Split('\n').Where(line => Row().IsMatch(line)), line => !TestClass().IsMatch(line));
    }

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+Tests)`")]
    private static partial Regex TestClass();
}
