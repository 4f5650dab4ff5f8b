// `postern completion …`: what a shell sources. The candidates come from the command table (core/complete.ts).

import type { Leaf } from '../core/command.ts'
import { completionScripts } from './completion/scripts.ts'

const shells = {
  bash: 'In this shell: source <(postern completion bash). Always: put that line into ~/.bashrc.',
  zsh: 'Saved as _postern in a folder of $fpath, before compinit: postern completion zsh > ~/.zfunc/_postern.',
  fish: 'Always: postern completion fish > ~/.config/fish/completions/postern.fish.',
} as const satisfies Readonly<Record<keyof typeof completionScripts, string>>

export const completion: readonly Leaf[] = (['bash', 'zsh', 'fish'] as const).map((shell) => ({
  word: shell,
  short: `Print the completion script for ${shell}.`,
  long: shells[shell],
  examples: [['Print it:', `completion ${shell}`]],
  async run(context) {
    context.io.stdout.write(completionScripts[shell])
  },
}))
