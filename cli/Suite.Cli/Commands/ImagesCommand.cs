using System.CommandLine;
using Suite.Cli.Inspection;
using Suite.Cli.Output;
using Suite.Cli.Syntax;
using Suite.Graph.V1;

namespace Suite.Cli.Commands;

internal sealed class ImagesCommand : SuiteCommand
{
    private readonly Option<bool> _quiet;
    private readonly Option<bool> _digests;
    private readonly Option<bool> _noTrunc;
    private readonly Option<string[]> _filter;
    private readonly Option<string?> _format;
    private readonly Argument<string?> _reference;

    public ImagesCommand()
        : base("images", "[OPTIONS] [NAME[:TAG]]", "List images")
    {
        _quiet = Flag("--quiet", "Print ids only", "-q");
        _digests = Flag("--digests", "With the digest of each");
        _noTrunc = Flag("--no-trunc", "Print ids in full");
        _filter = List("--filter", "NAME=VALUE", "Only images with dangling=true|false, label=NAME[=VALUE] or reference=PATTERN", "-f");
        _format = Text("--format", "TEMPLATE", "Each image as a template has it, such as '{{.ID}} {{.Repository}}', or as json");
        _reference = new Argument<string?>("NAME") { Arity = ArgumentArity.ZeroOrOne };
        Add(_reference);
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var list = await call.Services.Images.ListAsync(
            new ListRequest { Reference = call.Get(_reference) ?? "" }, cancellationToken: cancellationToken);
        var filter = ImageFilter.Parse(call.Get(_filter) ?? []);
        var images = list.Images.Where(filter.Takes).ToList();
        if (call.Get(_format) is { } format)
        {
            await WriteAsync(call, images, format);
            return ExitCodes.Success;
        }

        string Id(ImageInfo image) => call.Get(_noTrunc) ? image.Id : Figures.ShortId(image.Id);
        if (call.Get(_quiet))
        {
            foreach (var image in images)
                await call.Out.WriteLineAsync(Id(image));
            return ExitCodes.Success;
        }

        var digests = call.Get(_digests);
        var table = digests
            ? new Table("REPOSITORY", "TAG", "DIGEST", "IMAGE ID", "CREATED", "SIZE")
            : new Table("REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE");
        foreach (var image in images)
        {
            foreach (var (repository, tag) in ImageNames.Of(image))
            {
                var created = Figures.Ago(image.CreatedAt, call.Session.Time);
                var size = Figures.Size(image.Size);
                if (digests)
                    table.Add(repository, tag, ImageNames.DigestIn(image, repository), Id(image), created, size);
                else
                    table.Add(repository, tag, Id(image), created, size);
            }
        }

        table.Write(call.Out, call.Session.Streams.Columns);
        return ExitCodes.Success;
    }

    private async Task WriteAsync(Invocation call, IEnumerable<ImageInfo> images, string format)
    {
        var template = format == "json" ? null : new Template(format);
        foreach (var image in images)
        {
            foreach (var (repository, tag) in ImageNames.Of(image))
            {
                var row = ImageRow.Of(image, repository, tag, call.Get(_noTrunc), call.Session.Time);
                await call.Out.WriteLineAsync(template?.Render(row) ?? row.ToJsonString());
            }
        }
    }
}
