using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Suite.Cli.Inspection;
using Suite.Cli.Output;
using Suite.Cli.Registries;
using Suite.Cli.Syntax;
using Suite.Linux.Errors;
using Suite.Registry.V1;

namespace Suite.Cli.Commands;

internal sealed class SearchCommand : SuiteCommand
{
    private const string DefaultLimit = "25";
    private const int LongestDescription = 45;

    private readonly Option<string?> _limit;
    private readonly Option<string[]> _filter;
    private readonly Option<string?> _format;
    private readonly Option<bool> _whole;
    private readonly Option<string?> _authority;
    private readonly Option<bool> _plainHttp;
    private readonly Argument<string> _term;

    public SearchCommand()
        : base("search", "[OPTIONS] [HOST/]TERM", "Search a registry; without a host, the one of this machine")
    {
        _limit = Text("--limit", "COUNT", "At most so many, 1 to 100 (default: 25)");
        _filter = List("--filter", "NAME=VALUE", "Only with this is-official, is-automated or at least so many stars", "-f");
        _format = Text("--format", "TEMPLATE", "json, \"table TEMPLATE\", or a template such as {{.Name}}");
        _whole = Flag("--no-trunc", "Do not shorten descriptions");
        _authority = Text("--ca", "FILE", "PEM file of the authority that vouches for the registry");
        _plainHttp = Flag("--plain-http", "Speak HTTP without TLS");
        _term = One("TERM");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var text = call.Get(_limit) ?? DefaultLimit;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) || limit is < 1 or > 100)
            throw new SuiteException(ErrorKind.InvalidArgument, $"--limit {text} is not a number from 1 to 100");
        var filter = Filters.Parse(call.Get(_filter), "is-official", "is-automated", "stars");
        foreach (var stars in filter.Of("stars"))
            _ = Stars(stars);
        var listing = new Listing(
            call.Get(_format), ("NAME", "{{.Name}}"), ("TAGS", "{{.Tags}}"), ("PUSHED", "{{.Pushed}}"), ("DESCRIPTION", "{{.Description}}")).Yielding("DESCRIPTION", "PUSHED");
        var (host, term) = RegistryHost.Split(call.Get(_term));
        var found = host is null
            ? await SearchOwnAsync(call, term, limit, cancellationToken)
            : await SearchAsync(call, host, term, limit, cancellationToken);
        listing.Add(found.Where(f => Matches(filter, f)).Select(f => Row(call, f)));
        listing.Write(call.Out, call.Get(_whole) ? int.MaxValue : call.Session.Streams.Columns);
        return ExitCodes.Success;
    }

    private static bool Matches(Filters filter, Found found) =>
        filter.Any("is-official", value => (value is "true" or "1") == found.IsOfficial)
        && filter.Any("is-automated", value => (value is "true" or "1") == found.IsAutomated)
        && filter.All("stars", value => found.Stars >= Stars(value));

    private static long Stars(string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var stars)
            ? stars
            : throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use --filter \"stars={value}\": {value} is not a number");

    private static async Task<IEnumerable<Found>> SearchOwnAsync(Invocation call, string term, int limit, CancellationToken cancellationToken)
    {
        var found = await call.Services.Registry.SearchAsync(new SearchRequest { Query = term, Limit = (uint)limit }, cancellationToken: cancellationToken);
        return found.Repositories.Select(repository => new Found(repository.Name, repository.Description) { Tags = repository.Tags, PushedAt = repository.PushedAt });
    }

    private async Task<IEnumerable<Found>> SearchAsync(Invocation call, string host, string term, int limit, CancellationToken cancellationToken)
    {
        var authority = call.Get(_authority);
        var address = RegistryHost.AddressOf(host, call.Get(_plainHttp), tls: authority is not null);
        var credentials = await RegistryLogin.PasswordAsync(host, call.Session, cancellationToken);
        using var connection = new RegistryConnection(host, address, authority, credentials);
        using var response = await connection.GetAsync($"/v1/search?q={Uri.EscapeDataString(term)}&n={limit}", cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new SuiteException(ErrorKind.Unavailable, $"registry {host} cannot be searched: it answered {(int)response.StatusCode} {response.ReasonPhrase}");
        try
        {
            using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return [.. json.RootElement.GetProperty("results").EnumerateArray().Select(result => Read(host, result))];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new SuiteException(ErrorKind.Corrupt, $"registry {host} answered a search with something else than results: {e.Message}", e);
        }
    }

    // Only ours tells how many tags there are and when the last push was; only others' have stars.
    private static Found Read(string host, JsonElement result) => new(
        $"{host}/{result.GetProperty("name").GetString()}",
        result.TryGetProperty("description", out var description) ? description.GetString() ?? "" : "")
    {
        Tags = result.TryGetProperty("tag_count", out var tags) ? tags.GetInt64() : null,
        PushedAt = result.TryGetProperty("pushed_at", out var pushed) ? pushed.GetInt64() * 1_000_000 : 0,
        Stars = result.TryGetProperty("star_count", out var stars) ? stars.GetInt64() : 0,
        IsOfficial = result.TryGetProperty("is_official", out var official) && official.GetBoolean(),
        IsAutomated = result.TryGetProperty("is_automated", out var automated) && automated.GetBoolean(),
    };

    private JsonObject Row(Invocation call, Found found)
    {
        var line = found.Description.ReplaceLineEndings(" ");
        return new JsonObject
        {
            ["Name"] = found.Name,
            ["Description"] = call.Get(_whole) || line.Length <= LongestDescription ? line : line[..(LongestDescription - 1)] + "…",
            ["StarCount"] = $"{found.Stars}",
            ["IsOfficial"] = found.IsOfficial ? "[OK]" : "",
            ["IsAutomated"] = found.IsAutomated ? "[OK]" : "",
            ["Tags"] = $"{found.Tags}",
            ["Pushed"] = found.PushedAt > 0 ? Figures.Ago(found.PushedAt, call.Session.Time) : "",
        };
    }

    /// <param name="Name">With the registry's host, as it is pulled.</param>
    private sealed record Found(string Name, string Description)
    {
        public long? Tags { get; init; }

        /// <summary>Nanoseconds since the epoch; 0: not told.</summary>
        public long PushedAt { get; init; }

        public long Stars { get; init; }

        public bool IsOfficial { get; init; }

        public bool IsAutomated { get; init; }
    }
}
