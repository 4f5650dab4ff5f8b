// Everything that the CLI asks of the world, as parameters: tests hand in their own, main.ts hands in the process.

import type { Fetch } from '@postern/contract/client'

export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
}

export interface Input extends AsyncIterable<string | Uint8Array> {
  readonly isTTY?: boolean
}

export interface Choice {
  readonly value: string
  readonly label: string
}

export interface Prompts {
  /** Default No; undefined when the person gave up (Ctrl-C). */
  confirm(question: string): Promise<boolean | undefined>
  /** Typed unseen; undefined when the person gave up. */
  secret(question: string): Promise<string | undefined>
  /** Undefined when the person gave up. */
  text(question: string): Promise<string | undefined>
  /** The value of the chosen one; undefined when the person gave up. */
  select(question: string, options: readonly Choice[]): Promise<string | undefined>
}

export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: Input
  readonly stdout: Output
  readonly stderr: Output
  readonly fetch: Fetch
  readonly prompts: Prompts
  readonly sleep: (ms: number) => Promise<void>
  /** A loopback address there is the container's own, not the host's. */
  readonly inContainer: () => boolean
}

/** A question can be asked: someone types, and what we write on stderr is seen. */
export const canAsk = (io: Io): boolean => io.stdin.isTTY === true && io.stderr.isTTY === true

/** The first line of standard input, without its end; empty where there is none. Reads 64 KiB at most. */
export async function firstLine(stdin: Input): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of stdin) {
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    if (text.includes('\n') || text.length > 65_536) break
  }
  return (text.split('\n')[0] ?? '').replace(/\r$/, '')
}
