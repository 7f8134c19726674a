using Suite.Container.V1;
using Suite.Image.Builds.Cache;
using Suite.Image.Builds.Copies;
using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Stages;
using Suite.Image.Graph.Drivers;
using Suite.Image.Records;
using Suite.Linux.Files;
using Suite.Oci.References;
using Reached = (Suite.Image.Builds.Runs.RunMount Mount, Suite.Image.Builds.Copies.ISourceTree? Tree, Suite.Image.Builds.Copies.SourceFile? From);

namespace Suite.Image.Builds.Runs;

/// <summary>The mounts of a RUN: what they are for the cache, and, once it is run, folders and files of the host.</summary>
internal sealed class RunMounts(IGraphDriver driver, BaseImages images, CacheMounts caches, BuildFolders folders)
{
    /// <summary>By which ssh finds its agent: the first one that is mounted.</summary>
    private const string AgentVariable = "SSH_AUTH_SOCK=";

    /// <summary>Finds what they name, and adds to the key what the command's result depends on: what caches and secrets hold is none of it.</summary>
    public async Task<Prepared> PrepareAsync(
        BuildSession session, Stage stage, StageState state, Instruction i, CacheKey key, Func<Stage, Task<StageState>> stages, CancellationToken cancellationToken)
    {
        var prepared = new Prepared();
        try
        {
            var agents = 0;
            foreach (var written in RunMount.Of(i, state.Expansion))
            {
                var mount = written with { Target = written.Target.Length > 0 ? state.Absolute(written.Target) : "" };
                if (mount.Kind == RunMountKind.Ssh && mount.Target.Length == 0) mount = mount with { Target = $"/run/buildkit/ssh_agent.{agents++}" };
                key.Add($"{mount.Kind} {mount.From} {mount.Source} {mount.Target} {mount.Id} {mount.ReadOnly} {mount.Mode} {mount.User} {mount.Group} {mount.Size} {mount.Variable}");
                prepared.Mounts.Add(mount.Kind == RunMountKind.Bind || (mount.Kind == RunMountKind.Cache && mount.From.Length > 0)
                    ? await ReachAsync(session, stage, i, mount, key, prepared, stages, cancellationToken).ConfigureAwait(false)
                    : (mount, null, null));
            }

            return prepared;
        }
        catch
        {
            prepared.Dispose();
            throw;
        }
    }

    /// <summary>Puts them into what the container is made of.</summary>
    public async Task ApplyAsync(BuildSession session, Instruction i, Prepared prepared, ContainerSpec spec, CancellationToken cancellationToken)
    {
        foreach (var (mount, tree, from) in prepared.Mounts)
        {
            switch (mount.Kind)
            {
                case RunMountKind.Tmpfs:
                    var options = mount.Size > 0 ? new[] { "exec", $"size={mount.Size}" } : ["exec"];
                    spec.Tmpfs.Add(new TmpfsMount { Target = mount.Target, Options = { options } });
                    break;
                case RunMountKind.Secret:
                    AddSecret(session, i, prepared, mount, spec);
                    break;
                case RunMountKind.Ssh:
                    AddAgent(session, i, prepared, mount, spec);
                    break;
                case RunMountKind.Cache:
                    spec.Mounts.Add(new BindMount { Source = await CacheAsync(session, prepared, mount, tree, from, cancellationToken).ConfigureAwait(false), Target = mount.Target, ReadOnly = mount.ReadOnly });
                    break;
                default:
                    var folder = prepared.Hold(new TemporaryFolder(BuildFolders.Make(folders.Temporary)));
                    // The command may be anyone's: what it mounts is as open as it is at the source.
                    File.SetUnixFileMode(folder.Path, (UnixFileMode)0x1ED);
                    await ExportAsync(session, tree!, from!, folder.Path, cancellationToken).ConfigureAwait(false);
                    spec.Mounts.Add(new BindMount { Source = from!.IsDirectory ? folder.Path : Path.Combine(folder.Path, from.Name), Target = mount.Target, ReadOnly = mount.ReadOnly });
                    break;
            }
        }
    }

    private async Task<Reached> ReachAsync(
        BuildSession session, Stage stage, Instruction i, RunMount mount, CacheKey key, Prepared prepared, Func<Stage, Task<StageState>> stages, CancellationToken cancellationToken)
    {
        ISourceTree tree;
        if (mount.From.Length == 0)
        {
            tree = await session.Context.TreeAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            IReadOnlyList<LayerRecord> layers = session.Graph.Source(stage, i, mount.From) is { } other
                ? (await stages(other).ConfigureAwait(false)).Layers
                : (await images.GetAsync(session, i, mount.From, stage.Platform, cancellationToken).ConfigureAwait(false)).Layers;
            tree = prepared.Hold(new LayerSource(driver.View([.. layers.Select(l => l.DriverId)]).Open()));
            if (mount.Kind == RunMountKind.Bind) key.Add(layers);
        }

        var from = tree.Find(mount.Source) ?? throw i.Wrong($"mounts '{mount.Source}', which is not in {(mount.From.Length == 0 ? "the context" : $"'{mount.From}'")}");
        if (mount.Kind == RunMountKind.Bind && mount.From.Length == 0)
            await Task.Run(() => SourceIdentity.AddTo(key, tree, [from], cancellationToken), cancellationToken).ConfigureAwait(false);
        return (mount, tree, from);
    }

    private static async Task ExportAsync(BuildSession session, ISourceTree tree, SourceFile from, string folder, CancellationToken cancellationToken)
    {
        if (tree is Contexts.ContextTree context) await session.Context.RequireAsync(from.IsDirectory ? context.Below(from) : [from], cancellationToken).ConfigureAwait(false);
        await TreeExport.WriteAsync(tree, from, folder, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> CacheAsync(BuildSession session, Prepared prepared, RunMount mount, ISourceTree? tree, SourceFile? from, CancellationToken cancellationToken)
    {
        var id = Digest.Compute(System.Text.Encoding.UTF8.GetBytes($"{mount.Id} {mount.From} {mount.Source}"));
        var lease = await caches.TakeAsync(
            id, mount.Sharing,
            async folder =>
            {
                if (tree is not null) await ExportAsync(session, tree, from!, folder, cancellationToken).ConfigureAwait(false);
                HostFile.Own(folder, mount.User, mount.Group, mount.Mode ?? 0x1ED);
            },
            cancellationToken).ConfigureAwait(false);
        return prepared.Hold(lease).Path;
    }

    private void AddSecret(BuildSession session, Instruction i, Prepared prepared, RunMount mount, ContainerSpec spec)
    {
        if (!session.Options.Secrets.TryGetValue(mount.Id, out var value))
        {
            if (mount.Required) throw i.Wrong($"needs the secret '{mount.Id}': give it with --secret id={mount.Id},src=FILE");
            return;
        }

        prepared.Secrets[mount.Id] = value;
        if (mount.Variable.Length > 0) spec.Env.Add($"{mount.Variable}={System.Text.Encoding.UTF8.GetString(value)}");
        if (mount.Target.Length == 0) return;
        var folder = prepared.Hold(new TemporaryFolder(BuildFolders.Make(folders.Secrets)));
        var file = Path.Combine(folder.Path, "secret");
        using (var stream = new FileStream(file, new FileStreamOptions { Mode = System.IO.FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            stream.Write(value);
        HostFile.Own(file, mount.User, mount.Group, mount.Mode ?? 0x100);
        spec.Mounts.Add(new BindMount { Source = file, Target = mount.Target, ReadOnly = true });
    }

    private void AddAgent(BuildSession session, Instruction i, Prepared prepared, RunMount mount, ContainerSpec spec)
    {
        if (!session.Options.Agents.Has(mount.Id))
        {
            if (mount.Required) throw i.Wrong($"needs the ssh agent '{mount.Id}': lend it with --ssh {mount.Id}");
            return;
        }

        var folder = prepared.Hold(new TemporaryFolder(BuildFolders.Make(folders.Secrets)));
        var socket = prepared.Hold(session.Options.Agents.Listen(mount.Id, Path.Combine(folder.Path, "agent"), mount.User, mount.Group, mount.Mode ?? 0x180));
        spec.Mounts.Add(new BindMount { Source = socket.Path, Target = mount.Target });
        if (!spec.Env.Any(e => e.StartsWith(AgentVariable, StringComparison.Ordinal))) spec.Env.Add(AgentVariable + mount.Target);
    }

    /// <summary>What the mounts of one RUN hold.</summary>
    internal sealed class Prepared : IDisposable
    {
        private readonly List<IDisposable> _holds = [];

        public List<Reached> Mounts { get; } = [];

        /// <summary>Those that the command sees.</summary>
        public Dictionary<string, byte[]> Secrets { get; } = new(StringComparer.Ordinal);

        public T Hold<T>(T hold)
            where T : IDisposable
        {
            _holds.Add(hold);
            return hold;
        }

        public void Dispose()
        {
            // What is in a folder goes before the folder.
            foreach (var hold in Enumerable.Reverse(_holds)) hold.Dispose();
        }
    }

    private sealed class TemporaryFolder(string path) : IDisposable
    {
        public string Path { get; } = path;

        public void Dispose() => FileTree.Remove(Path);
    }
}
