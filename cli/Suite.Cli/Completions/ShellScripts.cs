using Suite.Cli.Commands;

namespace Suite.Cli.Completions;

/// <summary>The part that lives in the shell: it hands the line over, and offers what comes back, or files where nothing does.</summary>
internal static class ShellScripts
{
    private const string Bash = """
        # bash completion for suite: source <(suite completion bash)
        _suite() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(suite COMPLETE -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _suite suite

        """;

    private const string Zsh = """
        #compdef suite
        # zsh completion for suite: source <(suite completion zsh), after compinit
        _suite() {
            local -a candidates
            candidates=("${(@f)$(suite COMPLETE -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            candidates=(${candidates:#})
            if (( ${#candidates} )); then
                compadd -- "${candidates[@]}"
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
            suite COMPLETE -- $words[2..-1] 2>/dev/null
        end
        complete -c suite -f -a '(__suite_complete)'

        """;

    public static string Of(string shell) => (shell switch { "bash" => Bash, "zsh" => Zsh, _ => Fish })
        .Replace("COMPLETE", CompleteCommand.Word, StringComparison.Ordinal);
}
