namespace Suite.Testing.Leaks;

/// <summary>Folders for a test that are still in /tmp or /run.</summary>
internal static class FolderTraces
{
    public static IEnumerable<string> Of(string instance) =>
        new[] { Path.GetTempPath(), "/run", "/run/netns", "/dev/shm" }
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFileSystemEntries(folder, $"*{instance}*"))
            .Where(path => Traces.Names(Path.GetFileName(path), instance))
            .Select(path => $"file {path}");
}
