using System.Text;
using Suite.Linux.Errors;

namespace Suite.Image.Builds.Dockerfiles;

/// <summary>Splits a Dockerfile into instructions: directives, comments, continuation lines, here-documents. Knows no instruction's meaning.</summary>
internal sealed class DockerfileParser
{
    private const int MaxBytes = 1024 * 1024;

    private readonly string[] _lines;
    private readonly Directives _directives;
    private readonly List<Instruction> _instructions = [];
    private readonly List<int> _emptyContinuations = [];
    private readonly List<string> _comments = [];
    private int _at;

    private DockerfileParser(string[] lines)
    {
        _lines = lines;
        _directives = DirectiveReader.Read(lines, out _at);
    }

    public static Dockerfile Parse(ReadOnlySpan<byte> content)
    {
        if (content.Length > MaxBytes) throw new SuiteException(ErrorKind.InvalidArgument, $"The Dockerfile is larger than {MaxBytes} bytes.");
        var text = Encoding.UTF8.GetString(content).TrimStart('\uFEFF');
        return new DockerfileParser([.. text.Split('\n').Select(l => l.TrimEnd('\r'))]).Parse();
    }

    private Dockerfile Parse()
    {
        while (_at < _lines.Length)
        {
            var line = _lines[_at].Trim();
            if (line.StartsWith('#')) _comments.Add(line[1..].Trim());
            else if (line.Length > 0) Read();
            else _comments.Clear(); // a comment describes what it stands right above of
            _at++;
        }

        return _instructions.Count > 0
            ? new Dockerfile(_instructions, _directives, _emptyContinuations)
            : throw new SuiteException(ErrorKind.InvalidArgument, "The Dockerfile has no instruction.");
    }

    private void Read()
    {
        var first = _at;
        var joined = new StringBuilder();
        var continues = Append(joined, _lines[_at].TrimStart());
        var hasEmpty = false;
        while (continues && _at + 1 < _lines.Length)
        {
            var line = _lines[++_at];
            var trimmed = line.TrimStart();
            if (trimmed.StartsWith('#')) continue; // also within an instruction
            if (trimmed.Length == 0) hasEmpty = true;
            else continues = Append(joined, line);
        }

        if (hasEmpty) _emptyContinuations.Add(_at + 1);
        var instruction = InstructionReader.Read(joined.ToString().Trim(), first + 1, _at + 1, _directives.Escape, [.. _comments]);
        _comments.Clear();
        _instructions.Add(HeredocReader.MayHave(instruction) ? WithHeredocs(instruction) : instruction);
    }

    /// <returns>Whether the next line belongs to it: one escape character at the end, blanks after it do not count.</returns>
    private bool Append(StringBuilder joined, string line)
    {
        var end = line.TrimEnd(' ', '\t');
        var continues = end.Length > 0 && end[^1] == _directives.Escape && (end.Length == 1 || end[^2] != _directives.Escape);
        joined.Append(continues ? end[..^1] : line);
        return continues;
    }

    private Instruction WithHeredocs(Instruction instruction)
    {
        var heredocs = new List<Heredoc>();
        foreach (var begun in HeredocReader.Find(instruction))
        {
            var content = new StringBuilder();
            while (true)
            {
                if (++_at >= _lines.Length) throw instruction.Wrong($"has a here-document that is not ended by a line '{begun.Name}'");
                var line = _lines[_at];
                if ((begun.Chomp ? line.TrimStart('\t') : line) == begun.Name) break;
                content.Append(line).Append('\n');
            }

            heredocs.Add(begun with { Content = content.ToString() });
        }

        return heredocs.Count == 0 ? instruction : instruction with { Heredocs = heredocs, EndLine = _at + 1 };
    }
}
