using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Cli.Agents;

/// <summary>--ssh: the agents that a build may use, as <c>default</c>, <c>ID</c>, <c>ID=SOCKET</c> or <c>ID=KEY[,KEY]</c>.</summary>
/// <param name="sockets">Of the agents, by their ids.</param>
internal sealed class LentAgents(IReadOnlyDictionary<string, string> sockets, IReadOnlyList<KeyAgent> own) : IAsyncDisposable
{
    private const string Variable = "SSH_AUTH_SOCK";

    public IReadOnlyDictionary<string, string> Sockets => sockets;

    /// <summary>Keys are read, and their passphrases asked for, before anything is built.</summary>
    public static async Task<LentAgents> OpenAsync(IEnumerable<string> options, Func<string, string?> environment, CancellationToken cancellationToken)
    {
        var (sockets, own) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<KeyAgent>());
        try
        {
            foreach (var option in options)
            {
                var (id, paths) = option.Split('=', 2) is [var name, var list] ? (name, list.Split(',')) : (option, [environment(Variable) ?? ""]);
                if (id.Length == 0 || !sockets.TryAdd(id, ""))
                    throw Wrong(option, id.Length == 0 ? "it has no id" : $"there is another one called {id}");
                if (paths is [""])
                    throw Wrong(option, $"no agent is known, as {Variable} is not set: start one with \"eval $(ssh-agent)\" and ssh-add, or write --ssh {id}=KEY");
                if (paths.FirstOrDefault(p => !Path.Exists(p)) is { } missing)
                    throw Wrong(option, $"there is no {(missing.Length > 0 ? missing : "path between its commas")}");
                if (paths.Length == 1 && IsSocket(paths[0]))
                {
                    sockets[id] = paths[0];
                    continue;
                }

                if (paths.FirstOrDefault(IsSocket) is { } socket)
                    throw Wrong(option, $"{socket} is an agent, and stands alone");
                own.Add(await KeyAgent.StartAsync(paths, cancellationToken));
                sockets[id] = own[^1].Socket;
            }

            return new LentAgents(sockets, own);
        }
        catch
        {
            foreach (var agent in own)
                await agent.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in own)
            await agent.DisposeAsync();
    }

    private static bool IsSocket(string path) =>
        FileCalls.StatAt(FileCalls.AT_FDCWD, System.Text.Encoding.UTF8.GetBytes(Path.GetFullPath(path)), out var status) == 0
        && (status.Type == FileCalls.S_IFSOCK || (status.Type == FileCalls.S_IFLNK && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target && IsSocket(target.FullName)));

    private static SuiteException Wrong(string option, string why) => new(ErrorKind.InvalidArgument, $"--ssh {option}: {why}");
}
