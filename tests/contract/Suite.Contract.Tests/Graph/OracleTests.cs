using Suite.Image.Graph.Drivers;
using Suite.Image.Graph.Overlay;
using Suite.Image.Graph.Vfs;
using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Testing.Files;
using Suite.Testing.Requirements;

namespace Suite.Contract.Tests.Graph;

/// <summary>
/// Overlay, where the kernel puts layers together, beside vfs, where we do: the same archives give the same tree, or are refused by
/// both. What differs is a mistake in one of them.
/// </summary>
public sealed class OracleTests : IDisposable
{
    private readonly TempFolder _folder = new("image-oracle");

    public void Dispose()
    {
        FileTree.Remove(_folder.Path("overlay"));
        FileTree.Remove(_folder.Path("vfs"));
        _folder.Dispose();
    }

    [RootFact]
    public void Random_stacks_of_layers_look_alike()
    {
        var overlay = new OverlayDriver(_folder.Path("overlay"));
        var vfs = new VfsDriver(_folder.Path("vfs"));
        // SUITE_FUZZ_SECONDS: as long as somebody wants to wait, from another seed each time.
        var seconds = int.TryParse(Environment.GetEnvironmentVariable("SUITE_FUZZ_SECONDS"), out var wanted) ? wanted : 0;
        var started = TimeProvider.System.GetTimestamp();
        var first = seconds > 0 ? Random.Shared.Next() : 1;
        for (var i = 0; i < 150 || TimeProvider.System.GetElapsedTime(started).TotalSeconds < seconds; i++) Compare(overlay, vfs, first + i);
    }

    private void Compare(OverlayDriver overlay, VfsDriver vfs, int seed)
    {
        var random = new RandomLayers(seed);
        var stack = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            var archive = random.Next().ToArray();
            var id = $"{seed}-{i}";
            var (ours, theirs) = (Apply(overlay, id, stack, archive), Apply(vfs, id, stack, archive));
            // A link that leads to what only lower layers have is followed where they are, and leads to nothing where they are not.
            Assert.True(ours == theirs || random.HasLink, $"seed {seed}, layer {i}: overlay says {ours ?? "yes"}, vfs says {theirs ?? "yes"}\n{random}");
            if (ours is null && theirs is null) stack.Add(id);
            else foreach (var driver in (IGraphDriver[])[overlay, vfs]) driver.RemoveLayer(id);
        }

        var (left, right) = (Tree(overlay, stack), Tree(vfs, stack));
        Assert.True(left.SequenceEqual(right), $"""
            seed {seed}:
            {random}
            overlay
              {string.Join("\n  ", left)}
            vfs
              {string.Join("\n  ", right)}
            """);
        foreach (var driver in (IGraphDriver[])[overlay, vfs])
        {
            driver.RemoveRootfs("k");
            foreach (var id in stack) driver.RemoveLayer(id);
        }
    }

    private static string? Apply(IGraphDriver driver, string id, List<string> below, byte[] archive)
    {
        using var draft = driver.CreateLayer(id, below);
        try
        {
            draft.Apply(new MemoryStream(archive), TestContext.Current.CancellationToken);
        }
        catch (SuiteException e) when (e.Kind == ErrorKind.Corrupt)
        {
            return "no";
        }

        draft.Commit();
        return null;
    }

    private IReadOnlyList<string> Tree(IGraphDriver driver, IReadOnlyList<string> stack)
    {
        var plan = driver.PrepareRootfs("k", stack);
        // The unmount of an overlay writes its whole disk down, a hundred times here, unless it is told that nobody will miss it.
        using var root = new MountedRoot(plan.Type == "overlay" ? plan with { Options = [.. plan.Options, "volatile"] } : plan, _folder);
        return TreeText.Of(root.Path);
    }
}
