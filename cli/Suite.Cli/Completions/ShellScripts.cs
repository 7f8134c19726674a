using Suite.Cli.Commands;

namespace Suite.Cli.Completions;

/// <summary>
/// The part that lives in the shell: it hands the words over and offers what comes back, or files where nothing does. Each line
/// is a word, and behind a tab what it is about.
/// </summary>
internal static class ShellScripts
{
    // Bash takes words apart at : and = as well, and puts a candidate in place of the last piece only. So the words are read
    // from the line anew, and what stands before that piece is cut off.
    private const string Bash = """
        # bash completion for suite: source <(suite completion bash)
        _suite() {
            local -a words
            read -ra words <<<"${COMP_LINE:0:COMP_POINT}"
            [[ ${COMP_LINE:0:COMP_POINT} == *[[:space:]] ]] && words+=("")
            local current=${words[-1]} cut="" line
            [[ $current == *[=:]* && $COMP_WORDBREAKS == *[=:]* ]] && cut=${current%"${current##*[=:]}"}
            COMPREPLY=()
            while IFS= read -r line; do
                line=${line%%$'\t'*}
                COMPREPLY+=("${line#"$cut"}")
            done < <("${words[0]}" COMPLETE -- "${words[@]:1}" 2>/dev/null)
        }
        complete -o default -F _suite suite

        """;

    private const string Zsh = """
        #compdef suite
        # zsh completion for suite: source <(suite completion zsh), after compinit
        _suite() {
            local -a lines candidates shown
            local line
            lines=("${(@f)$("${words[1]}" COMPLETE -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            for line in "${(@)lines:#}"; do
                candidates+=("${line%%$'\t'*}")
                shown+=("${line/$'\t'/  -- }")
            done
            if (( ${#candidates} )); then
                compadd -l -d shown -- "${candidates[@]}"
            else
                _files
            fi
        }
        compdef _suite suite

        """;

    private const string Fish = """
        # fish completion for suite: suite completion fish | source
        function __suite_complete
            set -l words (commandline -opc) (commandline -ct)
            set -l lines ($words[1] COMPLETE -- $words[2..-1] 2>/dev/null)
            if test (count $lines) -gt 0
                printf '%s\n' $lines
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c suite -f -a '(__suite_complete)'

        """;

    public static string Of(string shell) => (shell switch { "bash" => Bash, "zsh" => Zsh, _ => Fish })
        .Replace("COMPLETE", CompleteCommand.Word, StringComparison.Ordinal);
}
