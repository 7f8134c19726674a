using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Events;
using Suite.Runtime.Store;

namespace Suite.Runtime.Tests.Events;

public sealed class ContainerEventsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("suite-events-").FullName;
    private readonly GraphDatabase _database;
    private readonly Inventory _inventory;
    private readonly TestClock _clock = new();
    private readonly ContainerEvents _events;

    public ContainerEventsTests()
    {
        _database = GraphDatabase.Open(Path.Combine(_folder, "runtime.db"));
        _inventory = new Inventory(_database);
        _events = new ContainerEvents(_inventory, _clock);
        _inventory.Add(Builders.Pod());
        _inventory.Add(Builders.Container());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_happened_while_nobody_listened_is_heard_by_the_next_who_does()
    {
        _events.Publish("c1", "pod1", ContainerEventKind.Started);
        _events.Publish("c1", "pod1", ContainerEventKind.Stopped);
        await using var listening = _events.ListenAsync(Token).GetAsyncEnumerator(Token);
        Assert.Equal(ContainerEventKind.Started, await NextAsync(listening));
        Assert.Equal(ContainerEventKind.Stopped, await NextAsync(listening));
        _events.Publish("c1", "pod1", ContainerEventKind.Deleted);
        Assert.Equal(ContainerEventKind.Deleted, await NextAsync(listening));
    }

    [Fact]
    public async Task What_is_old_is_not_told_any_more()
    {
        _events.Publish("c1", "pod1", ContainerEventKind.Started);
        _clock.Now += UnheardEvents.Kept + TimeSpan.FromSeconds(1);
        _events.Publish("c1", "pod1", ContainerEventKind.Stopped);
        await using var listening = _events.ListenAsync(Token).GetAsyncEnumerator(Token);
        Assert.Equal(ContainerEventKind.Stopped, await NextAsync(listening));
    }

    [Fact]
    public async Task What_a_listener_left_unread_is_for_the_next_one()
    {
        await using (var first = _events.ListenAsync(Token).GetAsyncEnumerator(Token))
        {
            _events.Publish("c1", "pod1", ContainerEventKind.Created);
            Assert.Equal(ContainerEventKind.Created, await NextAsync(first));
            _events.Publish("c1", "pod1", ContainerEventKind.Started);
        }
        await using var second = _events.ListenAsync(Token).GetAsyncEnumerator(Token);
        Assert.Equal(ContainerEventKind.Started, await NextAsync(second));
    }

    [Fact]
    public async Task An_event_tells_of_the_pod_and_its_containers_as_they_were_then()
    {
        var pod = _inventory.UpdatePod("pod1", current => current with { Addresses = ["10.0.0.1"] })!;
        _events.Publish("c1", "pod1", ContainerEventKind.Started);
        _inventory.UpdateContainer("c1", container => container with { State = ContainerState.Exited });
        _inventory.RemoveContainer("c1");
        _inventory.RemovePod("pod1");
        _events.PodDeleted(pod);
        await using var listening = _events.ListenAsync(Token).GetAsyncEnumerator(Token);
        await listening.MoveNextAsync();
        Assert.Equal(["10.0.0.1"], listening.Current.Pod.Addresses);
        Assert.Equal(ContainerState.Created, Assert.Single(listening.Current.Containers).State);
        await listening.MoveNextAsync();
        Assert.Equal(("pod1", ContainerEventKind.Deleted), (listening.Current.Id, listening.Current.Kind));
        Assert.Empty(listening.Current.Containers);
    }

    [Fact]
    public async Task Who_does_not_read_is_sent_away_and_holds_nobody_back()
    {
        await using var lazy = _events.ListenAsync(Token).GetAsyncEnumerator(Token);
        var first = lazy.MoveNextAsync();
        for (var i = 0; i < EventListener.MostUnread + 2; i++)
            _events.Publish("c1", "pod1", ContainerEventKind.Started);
        Assert.True(await first);
        var failure = await Assert.ThrowsAsync<SuiteException>(async () =>
        {
            while (await lazy.MoveNextAsync())
            {
            }
        });
        Assert.Equal(ErrorKind.ResourceExhausted, failure.Kind);
    }

    private static async Task<ContainerEventKind> NextAsync(IAsyncEnumerator<ContainerEvent> listening)
    {
        Assert.True(await listening.MoveNextAsync());
        return listening.Current.Kind;
    }

    private sealed class TestClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch + TimeSpan.FromDays(20_000);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
