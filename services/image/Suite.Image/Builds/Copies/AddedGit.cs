using Suite.Image.Builds.Agents;
using Suite.Image.Builds.Cache;
using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Git;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Image.Builds.Copies;

/// <summary>A git repository that ADD names: its commit is found first, and counts for the cache; its files come when the step is done.</summary>
internal sealed class AddedGit(Instruction at, GitCheckout git, GitReference reference, GitCommit commit, bool keepGitDirectory, string folder, GitAccess access)
{
    public static bool IsOne(Instruction at, string source) => Read(at, source) is not null;

    /// <param name="folder">For what it needs meanwhile: it is the caller's to remove.</param>
    /// <param name="hold">Keeps something until the step is done.</param>
    public static async Task<AddedGit> FindAsync(
        Instruction at, GitCheckout git, string source, string checksum, bool? keepGitDirectory, string folder, CallerAgents agents, IReadOnlyDictionary<string, byte[]> secrets,
        Action<IDisposable> hold, CancellationToken cancellationToken)
    {
        try
        {
            var reference = Read(at, source)!;
            if (checksum.Length > 0) reference = reference.WithChecksum(checksum);
            if (keepGitDirectory is { } flag && reference.KeepGitDirectory is { } query && flag != query) throw at.Wrong("says of the .git directory that it stays, and that it does not");
            var access = new GitAccess(Socket(agents, folder, hold), secrets);
            var commit = await git.ResolveAsync(reference, folder, access, cancellationToken).ConfigureAwait(false);
            // As BuildKit: a folder of a repository is none itself.
            var keeps = (keepGitDirectory ?? reference.KeepGitDirectory ?? false) && reference.Folder.Length == 0;
            return new AddedGit(at, git, reference, commit, keeps, folder, access);
        }
        catch (SuiteException e) when (e is not BuildException)
        {
            throw Failed(at, source, e);
        }
    }

    /// <summary>The same commit is the same files, wherever it comes from and whatever led to it.</summary>
    public void AddTo(CacheKey key) => key.Add("git").Add(commit.Id).Add(reference.Folder).Add(reference.Submodules ? reference.Remote : "")
        .Add(reference.CheckoutTime ? "" : "commit's time").Add(keepGitDirectory ? $"{reference.Shown} {commit.Name}" : "");

    public async Task<(ISourceTree Tree, SourceFile Root)> BringAsync(Action<IDisposable> hold, CancellationToken cancellationToken)
    {
        try
        {
            var place = Path.Combine(folder, Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(place);
            var tree = await git.BringAsync(reference, commit, keepGitDirectory, place, access, cancellationToken).ConfigureAwait(false);
            hold(tree);
            return tree.Find(reference.Folder) is { IsDirectory: true } root
                ? (tree, root)
                : throw at.Wrong($"finds no folder '{reference.Folder}' in {reference.Shown} at {commit.Id}");
        }
        catch (SuiteException e) when (e is not BuildException)
        {
            throw Failed(at, reference.Shown, e);
        }
    }

    private static GitReference? Read(Instruction at, string source)
    {
        try
        {
            return GitReference.Parse(source);
        }
        catch (SuiteException e)
        {
            throw at.Failed(e.Kind, $"ADD: {e.Message}", e);
        }
    }

    private static string? Socket(CallerAgents agents, string folder, Action<IDisposable> hold)
    {
        // Submodules may want one where the repository itself does not.
        if (!agents.Has(GitAccess.Agent)) return null;
        var socket = agents.Listen(GitAccess.Agent, Path.Combine(folder, "agent"), 0, 0, 0x180);
        hold(socket);
        return socket.Path;
    }

    private static SuiteException Failed(Instruction at, string source, SuiteException e) =>
        at.Failed(e.Kind, $"ADD cannot fetch {GitReference.Parse(source)?.Shown ?? source}: {e.Message.TrimEnd('.')}.", e);
}
