namespace Suite.Testing.Files;

/// <summary>Where the sources and the built executables are, found from where the test runs.</summary>
public static class TestPaths
{
    /// <summary>The folder that holds Suite.sln.</summary>
    public static string RepositoryRoot { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>out/bin, where `make build` publishes.</summary>
    public static string Bin { get; } = Path.Combine(RepositoryRoot, "out", "bin");

    /// <summary>A published executable by its file name, for example <c>suite-shim</c>.</summary>
    public static string Executable(string name) => Path.Combine(Bin, name);

    private static string FindRoot(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Suite.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"no folder above {start} holds Suite.sln: run the tests from within the repository");
    }
}
