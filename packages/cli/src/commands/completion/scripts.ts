// The shells' side of completion: short scripts that ask the program itself (core/complete.ts) at each Tab, so that a
// script never knows less than the program that is installed.

const bash = String.raw`# Completion of postern for bash; needs nothing else, and works with the bash of macOS.
_postern() {
  local line directive=4
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :*) directive=\${line#:} ;;
      ?*) COMPREPLY+=("\${line%%$'\t'*}") ;;
    esac
  done < <("\${COMP_WORDS[0]}" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if type compopt >/dev/null 2>&1; then
    if ((directive & 2)); then compopt -o nospace 2>/dev/null; fi
    if ((!(directive & 4))); then compopt -o default 2>/dev/null; fi
  fi
}
complete -F _postern postern
`

const zsh = String.raw`#compdef postern
# Completion of postern for zsh: sourced, or saved as _postern in a folder of $fpath.
_postern() {
  local line word about directive=4
  local -a candidates
  while IFS= read -r line; do
    case $line in
      :*) directive=\${line#:} ;;
      ?*)
        word=\${line%%$'\t'*}
        about=\${line#*$'\t'}
        candidates+=("\${word//:/\\:}:\${about}")
        ;;
    esac
  done < <("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( directive & 2 )); then
    _describe -V 'postern' candidates -S ''
  else
    _describe -V 'postern' candidates
  fi
  if (( !(directive & 4) )); then _files; fi
}
if [ "$funcstack[1]" = "_postern" ]; then
  _postern
else
  compdef _postern postern
fi
`

const fish = `# Completion of postern for fish.
function __postern_complete
  set -l tokens (commandline -opc)
  set -l current (commandline -ct)
  set -l program $tokens[1]
  set -e tokens[1]
  for line in ($program __complete $tokens "$current" 2>/dev/null)
    if string match -qr '^:' -- $line
      if test (math "bitand(4, "(string sub -s 2 -- $line)")") -eq 0
        __fish_complete_path "$current"
      end
    else
      echo $line
    end
  end
end
complete -c postern -f -a '(__postern_complete)'
`

/** By shell. */
export const completionScripts = { bash: plain(bash), zsh: plain(zsh), fish: plain(fish) } as const

/** `\${` keeps a template literal from reading what belongs to the shell. */
function plain(script: string): string {
  return script.replaceAll('\\${', '${')
}
