using System.CommandLine;
using Suite.Cli.Inspection;
using Suite.Cli.Output;
using Suite.Cli.Syntax;
using Suite.Graph.V1;

namespace Suite.Cli.Commands;

internal sealed class ImagesCommand : SuiteCommand
{
    private readonly Option<bool> _all;
    private readonly Option<bool> _quiet;
    private readonly Option<bool> _digests;
    private readonly Option<bool> _noTrunc;
    private readonly Option<string[]> _filter;
    private readonly Option<string?> _format;
    private readonly Argument<string?> _reference;

    public ImagesCommand(string name = "images")
        : base(name, "[OPTIONS] [NAME[:TAG]]", "List images")
    {
        _all = Flag("--all", "As without it: no image hides here", "-a");
        _quiet = Flag("--quiet", "Print ids only", "-q");
        _digests = Flag("--digests", "With the digest of each");
        _noTrunc = Flag("--no-trunc", "Print ids in full");
        _filter = List("--filter", "NAME=VALUE", "Only images with dangling=true|false, label=NAME[=VALUE], reference=PATTERN, before=IMAGE or since=IMAGE", "-f");
        _format = Text("--format", "TEMPLATE", "json, \"table TEMPLATE\", or a template such as {{.Repository}}: {{.Size}}");
        _reference = new Argument<string?>("IMAGE") { Arity = ArgumentArity.ZeroOrOne };
        Add(_reference);
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var list = await call.Services.Images.ListAsync(new ListRequest(), cancellationToken: cancellationToken);
        var asked = call.Get(_reference) is { } name ? [$"reference={ImageNames.Familiar(name)}"] : (string[])[];
        var filter = ImageFilter.Parse([.. call.Get(_filter) ?? [], .. asked], list.Images);
        (string, string)[] columns = [("REPOSITORY", "{{.Repository}}"), ("TAG", "{{.Tag}}"), ("IMAGE ID", "{{.ID}}"), ("CREATED", "{{.CreatedSince}}"), ("SIZE", "{{.Size}}")];
        if (call.Get(_digests))
            columns = [.. columns[..2], ("DIGEST", "{{.Digest}}"), .. columns[2..]];
        var rows = new Listing(call.Get(_quiet) ? "{{.ID}}" : call.Get(_format), columns).Yielding("CREATED", "DIGEST", "SIZE");
        foreach (var image in list.Images.Where(filter.Takes))
        {
            var names = ImageRow.Of(image, call.Get(_noTrunc), call.Session.Time).Where(row => filter.TakesName((string)row["Repository"]!, (string)row["Tag"]!));
            rows.Add(names.Take(call.Get(_quiet) ? 1 : int.MaxValue));
        }

        rows.Write(call.Out, call.Get(_noTrunc) || call.Get(_digests) ? int.MaxValue : call.Session.Streams.Columns);
        return ExitCodes.Success;
    }
}
