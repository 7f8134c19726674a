using System.Text.RegularExpressions;
using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Instructions;
using Suite.Image.Builds.Variables;
using Suite.Linux.Errors;
using Suite.Oci.Images;

namespace Suite.Image.Builds.Stages;

/// <summary>Groups a Dockerfile's instructions into stages, with FROM's variables put in.</summary>
internal sealed partial class StageReader(GlobalScope scope, Platform target)
{
    private readonly List<Stage> _stages = [];

    public static IReadOnlyList<Stage> Read(Dockerfile dockerfile, GlobalScope scope, Platform target)
    {
        foreach (var instruction in dockerfile.Instructions) Grammar.Check(instruction);
        var reader = new StageReader(scope, target);
        reader.Group(dockerfile.Instructions);
        return reader._stages;
    }

    private void Group(IReadOnlyList<Instruction> instructions)
    {
        List<Instruction>? current = null;
        foreach (var i in instructions)
        {
            if (i.Keyword == "FROM") _stages.Add(Begin(i, current = []));
            else if (current is not null) current.Add(i);
            else if (i.Keyword == "ARG") scope.Declare(i);
            else throw i.Wrong("comes before FROM: only ARG may");
        }

        if (_stages.Count == 0) throw new SuiteException(ErrorKind.InvalidArgument, "The Dockerfile has no FROM.");
    }

    private Stage Begin(Instruction i, IReadOnlyList<Instruction> instructions)
    {
        var words = Words.SplitRaw(i, i.Arguments);
        if (words.Count is not (1 or 3) || (words.Count == 3 && !words[1].Equals("AS", StringComparison.OrdinalIgnoreCase)))
            throw i.Wrong("takes an image, and a name after AS");
        var expansion = new Expansion(scope.Values.GetValueOrDefault);
        var image = expansion.Of(i, words[0]);
        if (image.Length == 0) throw i.Wrong($"has a base whose name is empty: '{words[0]}'");
        var name = words.Count == 3 ? words[2].ToLowerInvariant() : "";
        if (name.Length > 0 && !StageName().IsMatch(name)) throw i.Wrong($"has the name '{words[2]}': it begins with a letter, and has letters, digits, '-', '_' and '.'");
        var before = _stages.LastOrDefault(s => s.Name.Length > 0 && s.Name == image.ToLowerInvariant());
        return new Stage(_stages.Count, name, i, image, before, PlatformOf(i, expansion), instructions);
    }

    private Platform PlatformOf(Instruction i, Expansion expansion)
    {
        if (i.Flag("platform") is not { } said) return target;
        var text = expansion.Of(i, said);
        try
        {
            return text.Length == 0 ? target : Platform.Parse(text);
        }
        catch (SuiteException e)
        {
            throw i.Failed(e.Kind, e.Message, e);
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9-_.]*$")]
    private static partial Regex StageName();
}
