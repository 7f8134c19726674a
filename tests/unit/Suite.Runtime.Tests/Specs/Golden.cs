using System.Runtime.CompilerServices;

namespace Suite.Runtime.Tests.Specs;

/// <summary>Compares with a text beside the test. SUITE_GOLDEN=write writes it anew, for review with the change that caused it.</summary>
internal static class Golden
{
    public static void Check(string name, string actual, [CallerFilePath] string caller = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(caller)!, "golden", name + ".json");
        if (Environment.GetEnvironmentVariable("SUITE_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual + "\n");
        }
        Assert.Equal(File.ReadAllText(path), actual + "\n");
    }
}
