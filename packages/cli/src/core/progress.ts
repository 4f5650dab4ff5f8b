// Life signs. A wait of over a second says so on a terminal's stderr and takes it back when it ends; in a pipe nothing
// is written, except for `watch`, which prints a dot for each look, as the Atlas CLI does.

import type { Output } from './io.ts'

const afterMs = 1_000
const eraseLine = '\r\u001b[2K'

export async function whileWaiting<Value>(stderr: Output, what: string, work: Promise<Value>): Promise<Value> {
  if (stderr.isTTY !== true) return work
  let said = false
  const timer = setTimeout(() => {
    said = true
    stderr.write(`${what} …`)
  }, afterMs)
  try {
    return await work
  } finally {
    clearTimeout(timer)
    if (said) stderr.write(eraseLine)
  }
}

export interface Looks {
  /** `why`: what it waits for, written on a line of its own once it is another; empty: not known. */
  look(what: string, why?: string): void
  end(): void
}

const frames = ['|', '/', '-', '\\'] as const

export function showLooks(stderr: Output): Looks {
  let count = 0
  let told = ''
  return {
    look(what, why = '') {
      if (why !== '' && why !== told) {
        const before = count === 0 ? '' : stderr.isTTY === true ? eraseLine : '\n'
        stderr.write(`${before}${why}\n`)
        told = why
      }
      count += 1
      stderr.write(stderr.isTTY === true ? `${eraseLine}${frames[count % frames.length]} ${what}` : '.')
    },
    end() {
      if (count > 0) stderr.write(stderr.isTTY === true ? eraseLine : '\n')
    },
  }
}
