// Questions on a terminal, on stderr so that stdout holds results only. The dialog library loads with the first one.

import type { Prompts } from './io.ts'

export const terminalPrompts: Prompts = {
  async confirm(question) {
    const { confirm, isCancel } = await import('@clack/prompts')
    const answer = await confirm({ message: question, initialValue: false, output: process.stderr })
    return isCancel(answer) ? undefined : answer
  },
  async secret(question) {
    const { password, isCancel } = await import('@clack/prompts')
    const answer = await password({ message: question, output: process.stderr })
    return isCancel(answer) ? undefined : answer
  },
  async text(question) {
    const { text, isCancel } = await import('@clack/prompts')
    const answer = await text({ message: question, output: process.stderr })
    return isCancel(answer) ? undefined : answer
  },
  async select(question, options) {
    const { select, isCancel } = await import('@clack/prompts')
    const answer = await select({ message: question, options: [...options], output: process.stderr })
    return isCancel(answer) ? undefined : answer
  },
}
