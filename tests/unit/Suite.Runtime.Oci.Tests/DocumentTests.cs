using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Suite.Oci.Runtime;
using Suite.Testing.Files;

namespace Suite.Runtime.Oci.Tests;

/// <summary>docs/oci.md is about this code.</summary>
public sealed partial class DocumentTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(TestPaths.RepositoryRoot, "docs", "oci.md"));

    private static readonly HashSet<string> Rows = [.. Row().Matches(Text).Select(match => match.Groups[1].Value)];

    [Fact]
    public void Every_field_of_the_model_has_a_row() => Assert.DoesNotContain(Fields(typeof(Spec), ""), field => !IsCovered(field));

    [Fact]
    public void Every_row_is_a_field_of_the_model()
    {
        var fields = Fields(typeof(Spec), "").ToList();
        Assert.DoesNotContain(Rows.Where(row => row.Contains('.')), row => !fields.Any(field => field == row || field.StartsWith(row + ".", StringComparison.Ordinal) || field.StartsWith(row + "[]", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var classes = Directory.EnumerateFiles(Path.Combine(TestPaths.RepositoryRoot, "tests"), "*Tests.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).ToHashSet();
        Assert.DoesNotContain(TestClass().Matches(Text).Select(match => match.Groups[1].Value).Distinct(), name => !classes.Contains(name));
    }

    // A list whose items are alike another's is one row.
    private static bool IsCovered(string field)
    {
        for (var covered = field; ; covered = covered[..covered.LastIndexOf('.')])
        {
            if (Rows.Contains(covered) || (covered.EndsWith("[]", StringComparison.Ordinal) && Rows.Contains(covered[..^2])))
                return true;
            if (!covered.Contains('.'))
                return false;
        }
    }

    private static IEnumerable<string> Fields(Type type, string path)
    {
        if (RuntimeJson.Default.GetTypeInfo(type) is not { Kind: JsonTypeInfoKind.Object } info)
            return [path];
        return info.Properties.SelectMany(property => Below(property.PropertyType, path.Length == 0 ? property.Name : $"{path}.{property.Name}"));
    }

    private static IEnumerable<string> Below(Type type, string path)
    {
        var item = type == typeof(string) ? null
            : type.GetInterfaces().Append(type).FirstOrDefault(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];
        if (item is { IsGenericType: true })
            item = item.GetGenericArguments()[1];
        if (item is null)
            return Fields(type, path);
        return item.IsPrimitive || item == typeof(string) ? [path] : Fields(item, path + "[]");
    }

    [GeneratedRegex(@"^\| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+Tests)`")]
    private static partial Regex TestClass();
}
