/*
 * What a shell asks with each Tab: `dateline complete -- <words>`, which answers with a line for each possibility (what may
 * stand there, a tab, what it means) and a last one that begins with a colon. The library's own scripts are not used:
 * they run what was typed through eval, so that a Tab would carry out a $(command) in the text of a post, and in bash
 * they need a package that is often not there.
 */

const BASH = `# bash completion for dateline:  source <(dateline completion bash)
_dateline() {
  local value text
  COMPREPLY=()
  while IFS=$'\\t' read -r value text; do
    [[ -z $value || $value == :* ]] && continue
    COMPREPLY+=("$(printf '%q' "$value")")
  done < <(dateline complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == */ ]] && compopt -o nospace
  return 0
}
complete -F _dateline dateline
`

const ZSH = `#compdef dateline
# zsh completion for dateline:  source <(dateline completion zsh)   (after compinit)
_dateline() {
  local value text
  local -a found
  while IFS=$'\\t' read -r value text; do
    [[ -z $value || $value == :* ]] && continue
    found+=("\${value//:/\\\\:}:$text")
  done < <(dateline complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe -t dateline dateline found
}
compdef _dateline dateline
`

const FISH = `# fish completion for dateline:  dateline completion fish | source
function __dateline_complete
  set -l words (commandline -opc)
  set -l last (commandline -ct)
  test -n "$last"; or set last ''
  dateline complete -- $words[2..-1] $last 2>/dev/null | string match -v -r '^:'
end
complete -c dateline -f -a '(__dateline_complete)'
`

export const COMPLETION_SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH } as const
export type CompletedShell = keyof typeof COMPLETION_SCRIPTS
export const COMPLETED_SHELLS: readonly CompletedShell[] = ['bash', 'zsh', 'fish']
