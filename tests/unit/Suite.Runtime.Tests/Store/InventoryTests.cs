using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;

namespace Suite.Runtime.Tests.Store;

public sealed class InventoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("suite-inventory-").FullName;
    private GraphDatabase _database;
    private Inventory _inventory;

    public InventoryTests() => (_database, _inventory) = Open();

    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void What_was_written_is_there_after_a_restart()
    {
        var pod = Builders.Pod() with { Addresses = ["10.88.0.2"], NetnsPath = "/run/netns/x" };
        var container = Builders.Container(config: Builders.Config() with { Mounts = [new BindMount("/a", "/b", true)], Labels = new Dictionary<string, string> { ["k"] = "v" } });
        _inventory.Add(pod);
        _inventory.Add(container);
        _inventory.UpdateContainer(container.Id, current => current with { State = ContainerState.Exited, ExitCode = 3, User = new ContainerUser(1, 2, [2, 3]) });

        Reopen();

        Assert.True(_inventory.TryGetPod(pod.Id, out var foundPod));
        Assert.Equal(pod.Addresses, foundPod.Addresses);
        Assert.Equal(pod.Config.Metadata, foundPod.Config.Metadata);
        Assert.True(_inventory.TryGetContainer(container.Id, out var found));
        Assert.Equal(ContainerState.Exited, found.State);
        Assert.Equal(3, found.ExitCode);
        Assert.Equal([2u, 3u], found.User!.Groups);
        Assert.Equal("v", found.Config.Labels["k"]);
        Assert.Equal("/b", Assert.Single(found.Config.Mounts).ContainerPath);
    }

    [Fact]
    public void A_name_is_taken_once()
    {
        _inventory.Add(Builders.Container("c1"));
        var failure = Assert.Throws<SuiteException>(() => _inventory.Add(Builders.Container("c2")));
        Assert.Equal(ErrorKind.AlreadyExists, failure.Kind);
        Assert.Contains("c1", failure.Message);
        Assert.False(_inventory.TryGetContainer("c2", out _));
    }

    [Fact]
    public void A_name_is_free_as_soon_as_its_owner_is_to_be_removed()
    {
        _inventory.Add(Builders.Container("c1"));
        _inventory.UpdateContainer("c1", container => container with { State = ContainerState.Removing });
        _inventory.Add(Builders.Container("c2"));
        Reopen();
        _inventory.RemoveContainer("c1");
        Assert.Equal("c2", _inventory.ContainerByKey(Builders.Container().Key)?.Id);
    }

    [Fact]
    public void A_change_that_throws_changes_nothing()
    {
        _inventory.Add(Builders.Pod());
        Assert.Throws<SuiteException>(() => _inventory.UpdatePod("pod1", _ => throw new SuiteException(ErrorKind.FailedPrecondition, "no")));
        Assert.True(_inventory.TryGetPod("pod1", out var pod));
        Assert.Equal(PodState.Ready, pod.State);
    }

    [Fact]
    public async Task What_is_to_be_written_soon_is_seen_at_once_and_on_disk_a_moment_later()
    {
        _inventory.Add(Builders.Container("c1", state: ContainerState.Created));
        _inventory.UpdateContainerSoon("c1", container => container with { State = ContainerState.Starting });
        _inventory.UpdateContainerSoon("c1", container => container with { State = ContainerState.Running, Pid = 7 });
        Assert.True(_inventory.TryGetContainer("c1", out var seen));
        Assert.Equal((ContainerState.Running, 7), (seen.State, seen.Pid));
        for (var i = 0; i < 500 && !Written("\"Running\""); i++)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.True(Written("\"Running\""));

        // The next of its kind is on its way as well.
        _inventory.UpdateContainerSoon("c1", container => container with { Pid = 8 });
        for (var i = 0; i < 500 && !Written("\"pid\":8"); i++)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.True(Written("\"pid\":8"));
    }

    [Fact]
    public void What_is_to_be_written_soon_is_written_by_whatever_is_written_at_once()
    {
        _inventory.Add(Builders.Container("c1", state: ContainerState.Created));
        _inventory.UpdateContainerSoon("c1", container => container with { Pid = 7 });
        _inventory.UpdateContainer("c1", container => container with { ExitCode = 3 });
        Assert.True(Written("\"pid\":7"));
    }

    [Fact]
    public void What_is_to_be_written_soon_is_written_before_the_service_ends()
    {
        _inventory.Add(Builders.Container("c1", state: ContainerState.Created));
        _inventory.UpdateContainerSoon("c1", container => container with { Pid = 7 });
        _inventory.Dispose();
        Assert.True(Written("\"pid\":7"));
    }

    [Fact]
    public void What_was_to_be_written_soon_and_has_gone_is_not_written()
    {
        _inventory.Add(Builders.Container("c1", state: ContainerState.Created));
        _inventory.UpdateContainerSoon("c1", container => container with { Pid = 7 });
        _inventory.RemoveContainer("c1");
        _inventory.Dispose();
        Assert.Empty(_database.Nodes(NodeKinds.Container));
    }

    [Fact]
    public async Task What_is_added_soon_has_its_name_at_once_and_is_on_disk_a_moment_later()
    {
        _inventory.Add(Builders.Pod());
        _inventory.AddSoon(Builders.Container("c1"));
        Assert.Throws<SuiteException>(() => _inventory.AddSoon(Builders.Container("c2")));
        _inventory.UpdateContainerSoon("c1", container => container with { Pid = 7 });
        for (var i = 0; i < 500 && !Written("\"pid\":7"); i++)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.True(Written("\"pid\":7"));
        Assert.Contains("pod1", _database.Targets("c1", EdgeKinds.Uses));
    }

    [Fact]
    public void What_is_added_soon_is_written_with_its_edges_by_its_next_change()
    {
        _inventory.Add(Builders.Pod());
        _inventory.AddSoon(Builders.Container("c1") with { Image = ContainerImage.None, State = ContainerState.Creating });
        _inventory.UpdateContainer("c1", container => container with { Image = new ContainerImage("sha256:a", "sha256:a", ImageDefaults.None), State = ContainerState.Created });
        Assert.True(Written("\"Created\""));
        Assert.Equal(["pod1", "sha256:a"], _database.Targets("c1", EdgeKinds.Uses));
        _inventory.RemoveContainer("c1");
        _inventory.Dispose();
        Assert.Empty(_database.Nodes(NodeKinds.Container));
    }

    [Fact]
    public void Edges_follow_use_and_images_go_with_their_last_container()
    {
        _inventory.Add(Builders.Pod());
        foreach (var id in (string[])["c1", "c2"])
        {
            _inventory.Add(Builders.Container(id, config: Builders.Config(id)) with { Image = ContainerImage.None, State = ContainerState.Creating });
            _inventory.UpdateContainer(id, container => container with { Image = new ContainerImage("sha256:a", "sha256:a", ImageDefaults.None) });
        }
        Assert.Equal(["pod1", "sha256:a"], _database.Targets("c1", EdgeKinds.Uses));
        _inventory.RemoveContainer("c1");
        Assert.Single(_database.Nodes(NodeKinds.Image));
        _inventory.RemoveContainer("c2");
        Assert.Empty(_database.Nodes(NodeKinds.Image));
        Assert.Single(_database.Nodes(NodeKinds.Pod));
    }

    [Theory]
    [InlineData("abc1", "abc1")]
    [InlineData("abd", "abd1")]
    public void A_unique_beginning_of_an_id_is_enough(string prefix, string expected)
    {
        AddThree();
        Assert.Equal(expected, _inventory.KubernetesContainer(prefix).Id);
    }

    [Fact]
    public void An_ambiguous_beginning_is_not_and_an_unknown_one_is_not_found()
    {
        AddThree();
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => _inventory.KubernetesContainer("ab")).Kind);
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<SuiteException>(() => _inventory.KubernetesContainer("zz")).Kind);
        Assert.Null(_inventory.FindKubernetesContainer("zz"));
    }

    [Fact]
    public void Kubernetes_does_not_see_a_persons_containers_and_a_person_sees_both()
    {
        _inventory.Add(Builders.Container("k1"));
        _inventory.Add(Builders.Container("s1", config: Builders.Config("web")) with { Origin = PodOrigin.Suite });
        Assert.Null(_inventory.FindKubernetesContainer("s1"));
        Assert.Equal("s1", _inventory.AnyContainer("web").Id);
        Assert.Equal("s1", _inventory.AnyContainer("/web").Id);
        Assert.Equal("s1", _inventory.AnyContainer("s").Id);
        Assert.Equal("k1", _inventory.AnyContainer("k1").Id);
    }

    [Fact]
    public void Half_made_containers_are_nobodys_business()
    {
        _inventory.Add(Builders.Container("c1", state: ContainerState.Creating));
        Assert.Null(_inventory.FindKubernetesContainer("c1"));
        Assert.Throws<SuiteException>(() => _inventory.AnyContainer("c1"));
    }

    private bool Written(string text) =>
        _database.Nodes(NodeKinds.Container).Any(node => System.Text.Encoding.UTF8.GetString(node.Body).Contains(text, StringComparison.Ordinal));

    private void AddThree()
    {
        foreach (var id in (string[])["abc1", "abc12", "abd1"])
            _inventory.Add(Builders.Container(id, config: Builders.Config(id)));
    }

    private void Reopen()
    {
        // As after kill -9: nothing is closed first. A second connection reads what the first one has committed.
        var old = _database;
        (_database, _inventory) = Open();
        old.Dispose();
    }

    private (GraphDatabase, Inventory) Open()
    {
        var database = GraphDatabase.Open(Path.Combine(_folder, "runtime.db"));
        return (database, new Inventory(database));
    }
}
