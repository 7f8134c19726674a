using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Oci.References;

namespace Suite.Cli.Contexts;

/// <summary>
/// What a build is called with: a folder; <c>-</c> for a Dockerfile or an archive on standard input; a git repository; the URL of either. What
/// is no folder becomes one, which is gone when this is disposed.
/// </summary>
internal sealed class BuildSource(BuildContext context, string? temporary) : IDisposable
{
    public BuildContext Context => context;

    public static async Task<BuildSource> OpenAsync(Session session, string named, string? dockerfile, bool keepGitDirectory, CancellationToken cancellationToken)
    {
        // Docker's oldest form of all, which could be a folder, too: one that is there comes first.
        var repository = GitReference.Parse(named.StartsWith("github.com/", StringComparison.Ordinal) && !Path.Exists(named) ? $"https://{named}" : named)
            ?? (named.StartsWith("github.com/", StringComparison.Ordinal) && !Path.Exists(named) ? GitReference.Parse($"https://{Dotted(named)}") : null);
        var isUrl = named.StartsWith("http://", StringComparison.Ordinal) || named.StartsWith("https://", StringComparison.Ordinal);
        if (repository is null && !isUrl && named != "-")
            return new BuildSource(BuildContext.Open(named, dockerfile, session.Streams.Input), null);
        if (dockerfile == "-" && named == "-")
            throw new SuiteException(ErrorKind.InvalidArgument, "standard input cannot be the context and the Dockerfile, too");

        var folder = Directory.CreateTempSubdirectory("suite-build-").FullName;
        try
        {
            return new BuildSource(await FillAsync(session, named, dockerfile, repository, keepGitDirectory, folder, cancellationToken), folder);
        }
        catch
        {
            FileTree.Remove(folder);
            throw;
        }
    }

    public void Dispose()
    {
        if (temporary is not null)
            FileTree.Remove(temporary);
    }

    private static async Task<BuildContext> FillAsync(
        Session session, string named, string? dockerfile, GitReference? repository, bool keepGitDirectory, string folder, CancellationToken cancellationToken)
    {
        if (repository is not null)
        {
            await RepositoryClone.MakeAsync(repository, folder, keepGitDirectory, cancellationToken);
            folder = Path.Combine(folder, repository.Folder);
            if (!Directory.Exists(folder))
                throw new SuiteException(ErrorKind.NotFound, $"cannot build: {repository.Shown} has no folder {repository.Folder}");
        }
        else
        {
            await using var input = named == "-" ? session.Streams.Input : await RemoteFile.OpenAsync(named, cancellationToken);
            if (await ContextArchive.TryUnpackAsync(input, folder, cancellationToken) is { } text)
            {
                return dockerfile is null
                    ? BuildContext.OfDockerfile(text, folder)
                    : throw new SuiteException(ErrorKind.InvalidArgument, $"cannot build: {named} is a Dockerfile, and -f names another one");
            }
        }

        return dockerfile == "-" ? BuildContext.Open(folder, "-", session.Streams.Input) : BuildContext.OpenForeign(folder, dockerfile);
    }

    /// <summary>github.com/user/repo#ref is github.com/user/repo.git#ref.</summary>
    private static string Dotted(string named)
    {
        var end = named.AsSpan().IndexOfAny('#', '?');
        return end < 0 ? named + ".git" : $"{named[..end]}.git{named[end..]}";
    }
}
