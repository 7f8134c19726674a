using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Suite.Cli.Output;
using Suite.Cli.Registries;
using Suite.Linux.Errors;
using Suite.Registry.V1;

namespace Suite.Cli.Commands;

internal sealed class SearchCommand : SuiteCommand
{
    private const string DefaultLimit = "25";

    private readonly Option<string?> _limit;
    private readonly Option<string?> _authority;
    private readonly Option<bool> _plainHttp;
    private readonly Argument<string> _term;

    public SearchCommand()
        : base("search", "[OPTIONS] [HOST/]TERM", "Search a registry; without a host, the one of this machine")
    {
        _limit = Text("--limit", "COUNT", "At most so many, 1 to 100 (default: 25)");
        _authority = Text("--ca", "FILE", "PEM file of the authority that vouches for the registry");
        _plainHttp = Flag("--plain-http", "Speak HTTP without TLS");
        _term = One("TERM");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var text = call.Get(_limit) ?? DefaultLimit;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) || limit is < 1 or > 100)
            throw new SuiteException(ErrorKind.InvalidArgument, $"--limit {text} is not a number from 1 to 100");
        var (host, term) = RegistryHost.Split(call.Get(_term));
        var rows = host is null
            ? await SearchOwnAsync(call, term, limit, cancellationToken)
            : await SearchAsync(call, host, term, limit, cancellationToken);
        var table = new Table("NAME", "TAGS", "PUSHED", "DESCRIPTION");
        foreach (var row in rows)
            table.Add(row);
        table.Write(call.Out, call.Session.Streams.Columns);
        return ExitCodes.Success;
    }

    private static async Task<IEnumerable<string[]>> SearchOwnAsync(Invocation call, string term, int limit, CancellationToken cancellationToken)
    {
        var found = await call.Services.Registry.SearchAsync(new SearchRequest { Query = term, Limit = (uint)limit }, cancellationToken: cancellationToken);
        return found.Repositories.Select(repository => (string[])
        [
            repository.Name, repository.Tags.ToString(CultureInfo.InvariantCulture), Figures.Ago(repository.PushedAt, call.Session.Time), repository.Description,
        ]);
    }

    private async Task<IEnumerable<string[]>> SearchAsync(Invocation call, string host, string term, int limit, CancellationToken cancellationToken)
    {
        var authority = call.Get(_authority);
        var address = RegistryHost.AddressOf(host, call.Get(_plainHttp), tls: authority is not null);
        var credentials = DockerConfig.Open(call.Session.Environment).Find(host);
        using var connection = new RegistryConnection(host, address, authority, credentials);
        using var response = await connection.GetAsync($"/v1/search?q={Uri.EscapeDataString(term)}&n={limit}", cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new SuiteException(ErrorKind.Unavailable, $"registry {host} cannot be searched: it answered {(int)response.StatusCode} {response.ReasonPhrase}");
        try
        {
            using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return [.. json.RootElement.GetProperty("results").EnumerateArray().Select(result => Row(call, host, result)).ToList()];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new SuiteException(ErrorKind.Corrupt, $"registry {host} answered a search with something else than results: {e.Message}", e);
        }
    }

    // Only ours tells how many tags there are and when the last push was.
    private static string[] Row(Invocation call, string host, JsonElement result) =>
    [
        $"{host}/{result.GetProperty("name").GetString()}",
        result.TryGetProperty("tag_count", out var tags) ? tags.ToString() : "",
        result.TryGetProperty("pushed_at", out var pushed) ? Figures.Ago(pushed.GetInt64() * 1_000_000, call.Session.Time) : "",
        result.TryGetProperty("description", out var description) ? description.GetString() ?? "" : "",
    ];
}
