using Suite.Linux.Errors;
using Suite.Runtime.Journals;

namespace Suite.Runtime.Tests.Journals;

public sealed class JournalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_listener_hears_what_is_remembered_and_then_what_happens()
    {
        var journal = new Journal(TimeProvider.System);
        journal.RecordVolume("before", Actions.Create);
        var heard = new List<string>();
        await foreach (var happening in journal.ListenAsync(1, () => journal.RecordVolume("now", Actions.Create), Token))
        {
            heard.Add(happening.Id);
            if (heard.Count == 2)
                break;
        }
        Assert.Equal(["before", "now"], heard);
        Assert.Equal(["before", "now"], journal.Past(1).Select(happening => happening.Id));
        Assert.Empty(journal.Past(0));
    }

    [Fact]
    public async Task It_forgets_the_oldest_and_sends_away_who_does_not_read()
    {
        var journal = new Journal(TimeProvider.System);
        await using var listener = journal.ListenAsync(0, () => { }, Token).GetAsyncEnumerator(Token);
        var first = listener.MoveNextAsync();
        for (var i = 0; i <= 2 * Journal.Remembered + 1; i++)
            journal.RecordVolume($"{i}", Actions.Create);
        Assert.Equal(Journal.Remembered, journal.Past(1).Count);
        Assert.True(await first);
        var failure = await Assert.ThrowsAsync<SuiteException>(async () =>
        {
            while (await listener.MoveNextAsync())
            {
            }
        });
        Assert.Equal(ErrorKind.ResourceExhausted, failure.Kind);
    }
}
