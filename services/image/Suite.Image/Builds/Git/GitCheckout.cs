using Suite.Image.Builds.Copies;
using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Oci.References;

namespace Suite.Image.Builds.Git;

/// <summary>Finds the commit that a reference means, and brings its files.</summary>
internal sealed class GitCheckout(GitProgram git)
{
    /// <summary>Asks the server, unless the reference is a commit itself.</summary>
    /// <param name="folder">Any; nothing is written.</param>
    public async Task<GitCommit> ResolveAsync(GitReference reference, string folder, GitAccess access, CancellationToken cancellationToken)
    {
        if (GitReference.IsCommit(reference.Ref)) return Checked(reference, new GitCommit(reference.Ref, null), reference.Ref);
        var wanted = reference.Ref.Length > 0 ? reference.Ref : await DefaultBranchAsync(reference, folder, access, cancellationToken).ConfigureAwait(false);
        var listed = await git.RunAsync(folder, reference.Remote, access, cancellationToken, "ls-remote", "--", reference.Remote, wanted, wanted + "^{}").ConfigureAwait(false);
        var refs = listed.Split('\n').Select(l => l.Split('\t', 2)).Where(l => l.Length == 2 && GitReference.IsCommit(l[0])).DistinctBy(l => l[1]).ToDictionary(l => l[1], l => l[0]);
        // As git checkout does: a branch before a tag of the same name.
        foreach (var name in (string[])[$"refs/{Bare(wanted, "refs/")}", $"refs/heads/{Bare(wanted, "refs/heads/")}", $"refs/tags/{Bare(wanted, "refs/tags/")}"])
        {
            if (!refs.TryGetValue(name, out var id)) continue;
            // Behind the name of an annotated tag is the tag, and only behind that the commit.
            return Checked(reference, new GitCommit(refs.GetValueOrDefault(name + "^{}", id), name), id);
        }

        throw new SuiteException(ErrorKind.NotFound, $"the repository {reference.Shown} has no branch or tag '{wanted}'");
    }

    /// <summary>Fetches a commit with its submodules and no history.</summary>
    /// <param name="folder">Empty.</param>
    public async Task<GitTree> BringAsync(GitReference reference, GitCommit commit, bool keepGitDirectory, string folder, GitAccess access, CancellationToken cancellationToken)
    {
        Task<string> Git(params IReadOnlyList<string> arguments) => git.RunAsync(folder, reference.Remote, access, cancellationToken, arguments);
        string[] format = commit.Id.Length == 64 ? ["--object-format=sha256"] : [];
        await Git(["init", "--quiet", "--template=", .. format, "."]).ConfigureAwait(false);
        await Git("remote", "add", "origin", reference.Remote).ConfigureAwait(false);
        await FetchAsync(reference, commit, Git).ConfigureAwait(false);
        await Git("checkout", "--quiet", "--force", "--detach", commit.Id).ConfigureAwait(false);
        if (reference.Submodules) await UpdateAsync(Git).ConfigureAwait(false);
        var time = reference.CheckoutTime ? (long?)null : long.Parse((await Git("show", "--no-patch", "--format=%ct", commit.Id).ConfigureAwait(false)).Trim(), System.Globalization.CultureInfo.InvariantCulture);
        if (keepGitDirectory)
        {
            await Git("remote", "set-url", "origin", reference.Shown).ConfigureAwait(false);
            File.Delete(Path.Combine(folder, ".git", "FETCH_HEAD"));
        }
        else
        {
            FileTree.Remove(Path.Combine(folder, ".git"));
        }

        return new GitTree(LayerSource.Of(folder), keepGitDirectory, time);
    }

    /// <summary>The name first, as a kept .git has it; then the commit alone; and all of it from servers that give out neither.</summary>
    private static async Task FetchAsync(GitReference reference, GitCommit commit, Func<IReadOnlyList<string>, Task<string>> git)
    {
        string[][] ways =
        [
            .. commit.Name is { } name ? new string[][] { ["--depth=1", "--no-tags", "--", "origin", $"+{name}:{name}"] } : [],
            ["--depth=1", "--no-tags", "--", "origin", commit.Id],
            ["--tags", "--", "origin", "+refs/*:refs/remotes/origin/*"],
        ];
        foreach (var way in ways)
        {
            var isLast = way == ways[^1];
            try
            {
                await git(["fetch", "--quiet", "--update-head-ok", "--no-recurse-submodules", .. way]).ConfigureAwait(false);
                await git(["cat-file", "-e", commit.Id + "^{commit}"]).ConfigureAwait(false);
                return;
            }
            catch (GitException e) when (e.WantsMore && !isLast)
            {
                // Some servers speak no shallow history, some give no commit by itself.
            }
            catch (GitException e) when (e.Message.StartsWith("git cat-file", StringComparison.Ordinal))
            {
                // The name leads elsewhere by now.
                if (isLast) throw new SuiteException(ErrorKind.NotFound, $"the repository {reference.Shown} has no commit {commit.Id}", e);
            }
        }
    }

    private static async Task UpdateAsync(Func<IReadOnlyList<string>, Task<string>> git)
    {
        string[] update = ["submodule", "--quiet", "update", "--init", "--recursive"];
        try
        {
            await git([.. update, "--depth=1"]).ConfigureAwait(false);
        }
        catch (GitException e) when (e.WantsMore)
        {
            await git(update).ConfigureAwait(false);
        }
    }

    private async Task<string> DefaultBranchAsync(GitReference reference, string folder, GitAccess access, CancellationToken cancellationToken)
    {
        const string Symbolic = "ref: ";
        var head = await git.RunAsync(folder, reference.Remote, access, cancellationToken, "ls-remote", "--symref", "--", reference.Remote, "HEAD").ConfigureAwait(false);
        return head.Split('\n').FirstOrDefault(l => l.StartsWith(Symbolic, StringComparison.Ordinal) && l.EndsWith("\tHEAD", StringComparison.Ordinal)) is { } line
            ? line[Symbolic.Length..line.IndexOf('\t', StringComparison.Ordinal)]
            : throw new SuiteException(ErrorKind.NotFound, $"the repository {reference.Shown} has no default branch: name one behind '#'");
    }

    /// <param name="object">What the reference leads to: the commit, or an annotated tag before it. A checksum may be either's.</param>
    private static GitCommit Checked(GitReference reference, GitCommit commit, string @object) =>
        commit.Id.StartsWith(reference.Checksum, StringComparison.Ordinal) || @object.StartsWith(reference.Checksum, StringComparison.Ordinal)
            ? commit
            : throw new SuiteException(ErrorKind.InvalidArgument, $"{reference.Shown} leads to the commit {commit.Id}, and not to {reference.Checksum}");

    private static string Bare(string name, string prefix) => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
}

/// <summary>What a reference means.</summary>
/// <param name="Name">In full, such as refs/heads/main; null: the commit was named.</param>
internal sealed record GitCommit(string Id, string? Name);
