using System.Text;
using Suite.Image.Builds.Dockerfiles;

namespace Suite.Image.Builds.Variables;

/// <summary>Puts variables into words, and takes quotes and escapes away, as Dockerfiles define it: like a shell, without commands and arithmetic.</summary>
/// <param name="value">Of a variable; null when it is not set.</param>
/// <param name="unset">Hears of variables that are used plainly and are not set.</param>
internal sealed class Expansion(Func<string, string?> value, Action<string>? unset = null)
{
    /// <summary>Values that grow by putting themselves into each other are the oldest trick of text expansion.</summary>
    private const int MaxLength = 1024 * 1024;

    public string Of(Instruction at, string word) => new Scan(this, at, word, quotesStay: false).Run();

    /// <summary>For text that is no word, such as a here-document: quotes mean nothing there.</summary>
    public string OfText(Instruction at, string text) => new Scan(this, at, text, quotesStay: true).Run();

    private sealed class Scan(Expansion expansion, Instruction at, string text, bool quotesStay)
    {
        private readonly StringBuilder _result = new();
        private int _at;

        public string Run()
        {
            while (_at < text.Length)
            {
                var c = text[_at];
                if (c == '\'' && !quotesStay) SingleQuoted();
                else if (c == '"' && !quotesStay) DoubleQuoted();
                else if (c == '$') _result.Append(Dollar());
                else if (c == at.Escape) Escaped();
                else Take();
                if (_result.Length > MaxLength) throw at.Wrong($"has a value longer than {MaxLength} characters once its variables are put in");
            }

            return _result.ToString();
        }

        private void Take() => _result.Append(text[_at++]);

        private void Escaped()
        {
            _at++;
            if (quotesStay && (_at == text.Length || (text[_at] != '$' && text[_at] != at.Escape))) _result.Append(at.Escape);
            if (_at < text.Length) Take();
            else if (!quotesStay) _result.Append(at.Escape);
        }

        private void SingleQuoted()
        {
            var close = text.IndexOf('\'', _at + 1);
            if (close < 0) throw at.Wrong("has a quote that is not closed");
            _result.Append(text, _at + 1, close - _at - 1);
            _at = close + 1;
        }

        private void DoubleQuoted()
        {
            for (_at++; ;)
            {
                if (_at >= text.Length) throw at.Wrong("has a quote that is not closed");
                var c = text[_at];
                if (c == '"') break;
                if (c == '$')
                {
                    _result.Append(Dollar());
                    continue;
                }

                // Elsewhere in quotes it stands for itself.
                if (c == at.Escape && _at + 1 < text.Length && (text[_at + 1] is '"' or '$' || text[_at + 1] == at.Escape)) _at++;
                Take();
            }

            _at++;
        }

        private string Dollar()
        {
            _at++;
            if (_at < text.Length && text[_at] == '{') return Braced();
            var name = Name();
            return name.Length == 0 ? "$" : Plain(name);
        }

        private string Plain(string name)
        {
            if (expansion.Value(name) is { } found) return found;
            expansion.Unset(name);
            return "";
        }

        /// <summary>A name of letters, or one of the shell's single characters, which are never set here.</summary>
        private string Name()
        {
            var from = _at;
            while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
            {
                _at++;
                if (char.IsAsciiDigit(text[from])) break;
            }

            if (_at == from && _at < text.Length && text[_at] is '@' or '*' or '#' or '?' or '-' or '!') _at++;
            return text[from.._at];
        }

        private string Braced()
        {
            _at++;
            var name = Name();
            if (name.Length == 0) throw at.Wrong("has a '${' without a name");
            if (_at >= text.Length) throw Unclosed();
            if (text[_at] == '}')
            {
                _at++;
                return Plain(name);
            }

            var emptyIsUnset = text[_at] == ':';
            if (emptyIsUnset) _at++;
            var kind = _at < text.Length ? text[_at++] : throw Unclosed();
            var found = expansion.Value(name);
            var isSet = emptyIsUnset ? !string.IsNullOrEmpty(found) : found is not null;
            switch (kind)
            {
                case '-':
                    return isSet ? Skip(found!) : Operand();
                case '+':
                    return isSet ? Operand() : Skip("");
                case '?':
                    var says = Operand();
                    return isSet ? found! : throw at.Wrong($"needs the variable {name}: {(says.Length > 0 ? says : "it is not set")}");
                case '#' or '%' or '/' when !emptyIsUnset:
                    return Pattern(kind, found ?? "");
                default:
                    throw at.Wrong($"has the substitution '${{{name}{(emptyIsUnset ? ":" : "")}{kind}', which is not known");
            }
        }

        private string Skip(string result)
        {
            Raw(closedBy: '}');
            return result;
        }

        private string Operand() => new Scan(expansion, at, Raw(closedBy: '}'), quotesStay: false).Run();

        private string Pattern(char kind, string found)
        {
            var twice = _at < text.Length && text[_at] == kind;
            if (twice) _at++;
            if (kind != '/')
            {
                var pattern = new Scan(expansion, at, Raw(closedBy: '}'), quotesStay: true).Run();
                return kind == '#' ? ShellPattern.WithoutStart(found, pattern, twice) : ShellPattern.WithoutEnd(found, pattern, twice);
            }

            var inside = Raw(closedBy: '}');
            var slash = Unescaped(inside, '/');
            var search = new Scan(expansion, at, slash < 0 ? inside : inside[..slash], quotesStay: true).Run();
            var by = slash < 0 ? "" : new Scan(expansion, at, inside[(slash + 1)..], quotesStay: false).Run();
            return ShellPattern.Replace(found, search, by, twice);
        }

        /// <summary>Up to the brace that closes this one; those within are passed over.</summary>
        private string Raw(char closedBy)
        {
            var from = _at;
            for (var depth = 0; _at < text.Length; _at++)
            {
                if (text[_at] == at.Escape) _at++;
                else if (text[_at] == '$' && _at + 1 < text.Length && text[_at + 1] == '{') depth++;
                else if (text[_at] == closedBy && depth-- == 0) return text[from.._at++];
            }

            throw Unclosed();
        }

        private int Unescaped(string inside, char wanted)
        {
            for (var i = 0; i < inside.Length; i++)
            {
                if (inside[i] == at.Escape) i++;
                else if (inside[i] == wanted) return i;
            }

            return -1;
        }

        private Linux.Errors.SuiteException Unclosed() => at.Wrong("has a '${' that is not closed");
    }

    private string? Value(string name) => value(name);

    private void Unset(string name) => unset?.Invoke(name);
}
