using Suite.Container.V1;
using Suite.Image.Records;

namespace Suite.Image.Builds.Runs;

/// <summary>
/// Containers of builds. Each is recorded before it is made and until it is gone, so that those of a service that was killed are removed
/// when it is back.
/// </summary>
internal sealed class RunContainers(RuntimePeer runtime, ImageDatabase database)
{
    public const string Label = "io.suite.build";

    /// <summary>Makes a container, runs it, lets its changes be taken, and removes it whatever happens.</summary>
    /// <param name="take">Called with its id, which is its root file system's key, and its exit code.</param>
    public async Task<T> RunAsync<T>(
        ContainerSpec spec, Func<ReadOnlyMemory<byte>, bool, Task> print, Func<string, int, Task<T>> take, CancellationToken cancellationToken)
    {
        await database.WriteAsync(s => { s.Execute("INSERT INTO build_containers (name) VALUES ($1)", spec.Name); }, cancellationToken).ConfigureAwait(false);
        try
        {
            var id = await runtime.CreateAsync(spec, cancellationToken).ConfigureAwait(false);
            var exit = await runtime.RunAsync(id, print, cancellationToken).ConfigureAwait(false);
            return await take(id, exit).ConfigureAwait(false);
        }
        finally
        {
            await RemoveAsync(spec.Name, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Those that an earlier process of this service has left.</summary>
    public IReadOnlyList<string> Left() => database.Read(s => s.Query("SELECT name FROM build_containers", r => r.GetString(0)));

    public async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        await runtime.RemoveAsync(name, cancellationToken).ConfigureAwait(false);
        await database.WriteAsync(s => { s.Execute("DELETE FROM build_containers WHERE name = $1", name); }, CancellationToken.None).ConfigureAwait(false);
    }
}
