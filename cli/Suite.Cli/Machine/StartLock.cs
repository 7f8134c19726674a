using Suite.Linux.Errors;

namespace Suite.Cli.Machine;

/// <summary>Keeps two `suite up` of the same folder apart.</summary>
internal static class StartLock
{
    public static FileStream Take(string run)
    {
        try
        {
            Directory.CreateDirectory(run);
            // FileShare.None is flock(LOCK_EX | LOCK_NB) here, and ends with the process, however that ends.
            return new FileStream(Path.Combine(run, "up.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SuiteException(
                ErrorKind.PermissionDenied, $"cannot start the services in {run}: permission denied; run suite as root, for example with sudo", e);
        }
        catch (IOException e) when (File.Exists(Path.Combine(run, "up.lock")))
        {
            throw new SuiteException(
                ErrorKind.FailedPrecondition, $"cannot start the services in {run}: another \"suite up\" is doing it now; wait for that one", e);
        }
    }
}
