using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Oci.Tests.References;

public sealed class GitReferenceTests
{
    [Theory]
    [InlineData("https://h/a/b.git", "https://h/a/b.git", "", "")]
    [InlineData("HTTP://h/a.git#v1", "HTTP://h/a.git", "v1", "")]
    [InlineData("git://h:99/a#:docs/x/", "git://h:99/a", "", "docs/x")]
    [InlineData("ssh://u@h:22/a.git#feature/x:./d", "ssh://u@h:22/a.git", "feature/x", "d")]
    [InlineData("git@h.example:a/b.git#v1:d", "git@h.example:a/b.git", "v1", "d")]
    [InlineData("https://h/a.git?tag=v1&subdir=d", "https://h/a.git", "refs/tags/v1", "d")]
    [InlineData("https://h/a.git?branch=refs/heads/x", "https://h/a.git", "refs/heads/x", "")]
    [InlineData("git@h:a?ref=pull/4/head#pull/4/head", "git@h:a", "pull/4/head", "")]
    public void A_repository_is_named_with_a_reference_and_a_folder(string text, string remote, string name, string folder)
    {
        var reference = GitReference.Parse(text)!;
        Assert.Equal((remote, name, folder), (reference.Remote, reference.Ref, reference.Folder));
        Assert.Equal(text.Contains('@', StringComparison.Ordinal), reference.IsSsh);
    }

    [Theory]
    [InlineData("https://h/a.tar.gz")]
    [InlineData("https://h/a.git/x")]
    [InlineData("ftp://h/a.git")]
    [InlineData("a.git")]
    [InlineData("./git@h:a")]
    [InlineData("../a.git")]
    [InlineData("dir/user@host:x")]
    [InlineData("-oProxyCommand=x@h:a")]
    public void Other_text_names_none(string text) => Assert.Null(GitReference.Parse(text));

    [Theory]
    [InlineData("https://h/a.git#--upload-pack=x", "no branch, tag or commit")]
    [InlineData("https://h/a.git#+x", "no branch, tag or commit")]
    [InlineData("https://h/a.git#a b", "no branch, tag or commit")]
    [InlineData("https://h/a.git#a..b", "no branch, tag or commit")]
    [InlineData("https://h/a.git#x:../..", "outside of the repository")]
    [InlineData("https://h/a.git?tag=1&branch=2", "two references")]
    [InlineData("https://h/a.git?ref=1#2", "two references")]
    [InlineData("https://h/a.git?depth=1", "'depth' is not known")]
    [InlineData("https://h/a.git?tag=", "its tag has no value")]
    [InlineData("https://h/a.git?tag=1&tag=1", "tag twice")]
    [InlineData("https://h/a.git?submodules=maybe", "neither true nor false")]
    [InlineData("https://h/a.git?checksum=xyz", "no commit")]
    [InlineData("https://h/a.git?mtime=never", "neither commit nor checkout")]
    public void What_makes_no_sense_is_refused(string text, string says)
    {
        var error = Assert.Throws<SuiteException>(() => GitReference.Parse(text));
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_query_says_more()
    {
        var reference = GitReference.Parse("https://h/a.git?keep-git-dir&submodules=0&commit=AB12&mtime=checkout&fetch-by-commit=1")!;
        Assert.Equal((true, false, "ab12", true), (reference.KeepGitDirectory, reference.Submodules, reference.Checksum, reference.CheckoutTime));
        Assert.Throws<SuiteException>(() => reference.WithChecksum("cd"));
        Assert.Null(GitReference.Parse("https://h/a.git")!.KeepGitDirectory);
    }

    [Fact]
    public void A_password_is_not_shown()
    {
        Assert.Equal("https://h/a.git", GitReference.Parse("https://user:secret@h/a.git#x")!.Shown);
        Assert.DoesNotContain("secret", Assert.Throws<SuiteException>(() => GitReference.Parse("https://user:secret@h/a.git?x=y")).Message, StringComparison.Ordinal);
    }
}
