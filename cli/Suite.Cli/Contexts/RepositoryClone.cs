using System.ComponentModel;
using System.Diagnostics;
using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Oci.References;

namespace Suite.Cli.Contexts;

/// <summary>
/// A git repository as the context of a build, fetched by the caller's git with the caller's settings and keys: the service is lent none of
/// them. Only what the repository itself could bring is kept out: other protocols, and hooks.
/// </summary>
internal sealed class RepositoryClone(GitReference reference, string folder)
{
    private const string WholeHistory = "+refs/*:refs/remotes/origin/*";

    public static async Task MakeAsync(GitReference reference, string folder, bool keepGitDirectory, CancellationToken cancellationToken)
    {
        var clone = new RepositoryClone(reference, folder);
        await clone.CheckOutAsync(cancellationToken);
        if (!(reference.KeepGitDirectory ?? keepGitDirectory))
            clone.RemoveGitDirectories(folder);
    }

    private async Task CheckOutAsync(CancellationToken cancellationToken)
    {
        await GitAsync(cancellationToken, ["init", "--quiet", "--template=", "."]);
        var wanted = reference.Ref.Length > 0 ? reference.Ref : "HEAD";
        var found = await TryGitAsync(cancellationToken, ["fetch", "--quiet", "--depth=1", "--no-tags", "--", reference.Remote, wanted]) is null;
        // Not every server gives a part of a history, or a commit by its number.
        if (!found)
            await GitAsync(cancellationToken, ["fetch", "--quiet", "--", reference.Remote, WholeHistory]);
        var commit = (await GitAsync(cancellationToken, ["rev-parse", "--verify", "--end-of-options", (found ? "FETCH_HEAD" : GitReference.IsCommit(wanted) ? wanted : $"refs/remotes/origin/heads/{wanted}") + "^{commit}"])).Trim();
        if (!commit.StartsWith(reference.Checksum, StringComparison.Ordinal))
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot build: {reference.Shown} leads to the commit {commit}, and not to {reference.Checksum}");
        await GitAsync(cancellationToken, ["checkout", "--quiet", "--force", "--detach", commit]);
        if (reference.Submodules && File.Exists(Path.Combine(folder, ".gitmodules")))
            await GitAsync(cancellationToken, ["submodule", "--quiet", "update", "--init", "--recursive"]);
    }

    private void RemoveGitDirectories(string below)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(below))
        {
            if (Path.GetFileName(path) == ".git")
                FileTree.Remove(path);
            else if (Directory.Exists(path) && new FileInfo(path).LinkTarget is null)
                RemoveGitDirectories(path);
        }
    }

    private async Task<string> GitAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        using var process = Start(arguments);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? await output : throw new SuiteException(
                ErrorKind.Unavailable, $"cannot build from {reference.Shown}: git {arguments[0]} says: {string.Join("; ", (await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(3))}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private async Task<SuiteException?> TryGitAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        try
        {
            await GitAsync(cancellationToken, arguments);
            return null;
        }
        catch (SuiteException e) when (e.Message.Contains("not our ref", StringComparison.Ordinal) || e.Message.Contains("unadvertised", StringComparison.Ordinal)
            || e.Message.Contains("shallow", StringComparison.Ordinal) || e.Message.Contains("--depth", StringComparison.Ordinal))
        {
            return e;
        }
    }

    private Process Start(string[] arguments)
    {
        // Files have the modes that git gives everywhere: they count for the cache of whoever builds.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "umask 022; exec git -c core.hooksPath=/dev/null -c advice.detachedHead=false -c init.defaultBranch=master \"$@\"", "git", .. arguments])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        start.Environment["GIT_ALLOW_PROTOCOL"] = "http:https:git:ssh";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot build from {reference.Shown}: git cannot be run: {e.Message}", e);
        }
    }
}
