using Suite.Container.V1;
using Suite.Image.Builds.Dockerfiles;
using Suite.Linux.Files;

namespace Suite.Image.Builds.Runs;

/// <summary>A here-document with an interpreter of its own, as a file that the container executes.</summary>
internal sealed class ScriptFile : IDisposable
{
    private readonly string _folder;

    private ScriptFile(string folder) => _folder = folder;

    public static ScriptFile Write(BuildFolders folders, Heredoc script, ContainerSpec spec)
    {
        var file = new ScriptFile(BuildFolders.Make(folders.Temporary));
        File.SetUnixFileMode(file._folder, (UnixFileMode)0x1ED); // whoever the command runs as
        var path = Path.Combine(file._folder, script.Name);
        File.WriteAllText(path, script.Text);
        File.SetUnixFileMode(path, (UnixFileMode)0x1ED);
        spec.Mounts.Add(new BindMount { Source = file._folder, Target = RunCommand.ScriptFolder, ReadOnly = true });
        return file;
    }

    public void Dispose() => FileTree.Remove(_folder);
}
