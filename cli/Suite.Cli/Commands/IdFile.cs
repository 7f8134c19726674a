using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

/// <summary>--cidfile: made before the container, so that one that is there already stops the call, and gone again if nothing was made.</summary>
internal sealed class IdFile : IDisposable
{
    private readonly string _path;
    private bool _written;

    private IdFile(string path) => _path = path;

    public static IdFile Make(string path)
    {
        try
        {
            new FileStream(path, FileMode.CreateNew).Dispose();
            return new IdFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot make the file of --cidfile: {e.Message}", e);
        }
    }

    public void Write(string id)
    {
        File.WriteAllText(_path, id);
        _written = true;
    }

    public void Dispose()
    {
        if (!_written)
            File.Delete(_path);
    }
}
