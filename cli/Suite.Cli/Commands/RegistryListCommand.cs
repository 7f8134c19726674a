using System.CommandLine;
using Suite.Cli.Output;
using Suite.Registry.V1;

namespace Suite.Cli.Commands;

internal sealed class RegistryListCommand : SuiteCommand
{
    private readonly Option<bool> _tags;
    private readonly Argument<string?> _name;

    public RegistryListCommand()
        : base("ls", "[OPTIONS] [NAME]", "List repositories that begin with a name, or the tags of one")
    {
        _tags = Flag("--tags", "The tags of the repository NAME", "-t");
        _name = new Argument<string?>("NAME") { Arity = ArgumentArity.ZeroOrOne };
        Add(_name);
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var name = call.Get(_name) ?? "";
        if (call.Get(_tags))
            return await ListTagsAsync(call, name, cancellationToken);
        ListRepositoriesResponse page;
        var last = "";
        do
        {
            page = await call.Services.Registry.ListRepositoriesAsync(new ListRepositoriesRequest { Prefix = name, Last = last }, cancellationToken: cancellationToken);
            foreach (var repository in page.Repositories)
                await call.Out.WriteLineAsync(repository);
            last = page.Repositories.LastOrDefault() ?? "";
        }
        while (page.More);
        return ExitCodes.Success;
    }

    private static async Task<int> ListTagsAsync(Invocation call, string repository, CancellationToken cancellationToken)
    {
        var tags = await call.Services.Registry.ListTagsAsync(new ListTagsRequest { Repository = repository }, cancellationToken: cancellationToken);
        var table = new Table("TAG", "DIGEST", "PUSHED").Yielding("PUSHED");
        foreach (var tag in tags.Tags)
            table.Add(tag.Name, tag.Digest, Figures.Ago(tag.UpdatedAt, call.Session.Time));
        table.Write(call.Out, call.Session.Streams.Columns);
        return ExitCodes.Success;
    }
}
