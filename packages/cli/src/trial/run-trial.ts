// Runs one command in process with everything captured. What a test does not hand in is absent, so that
// no test ever reads the machine's own environment or profile.

import { type CliParts, runCli } from '../run-cli.ts'
import { keys } from './recording-server.ts'

export const groupId = '5f4fe14da2b47835a58c6000'
export const orgId = 'a0000000000000000000000a'

export interface Trial {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** What was asked, in order. */
  readonly asked: readonly string[]
}

export interface TrialParts {
  readonly url?: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  /** Someone is there: these are the answers to every question, in order. */
  readonly terminal?: readonly (boolean | string | undefined)[]
  readonly fetch?: CliParts['fetch']
  readonly extraCommands?: CliParts['extraCommands']
  readonly version?: string
}

export async function runTrial(argv: readonly string[], parts: TrialParts = {}): Promise<Trial> {
  let stdout = ''
  let stderr = ''
  const asked: string[] = []
  const answers = [...(parts.terminal ?? [])]
  const isTTY = parts.terminal !== undefined
  const answer = async (question: string) => {
    asked.push(question)
    return answers.shift()
  }
  const server =
    parts.url === undefined
      ? {}
      : {
          POSTERN_URL: parts.url,
          POSTERN_PUBLIC_KEY: keys.publicKey,
          POSTERN_PRIVATE_KEY: keys.privateKey,
          POSTERN_PROJECT_ID: groupId,
        }
  const code = await runCli({
    argv,
    env: { HOME: '/nonexistent', ...server, ...parts.env },
    stdin: { isTTY, [Symbol.asyncIterator]: () => chunks(parts.stdin ?? '') },
    stdout: { isTTY, write: (text) => (stdout += text) },
    stderr: { isTTY, write: (text) => (stderr += text) },
    sleep: async () => {},
    prompts: {
      confirm: async (question) => (await answer(question)) as boolean | undefined,
      secret: async (question) => (await answer(question)) as string | undefined,
      text: async (question) => (await answer(question)) as string | undefined,
      select: async (question) => (await answer(question)) as string | undefined,
    },
    ...(parts.fetch === undefined ? {} : { fetch: parts.fetch }),
    ...(parts.extraCommands === undefined ? {} : { extraCommands: parts.extraCommands }),
    ...(parts.version === undefined ? {} : { version: parts.version }),
  })
  return { code, stdout, stderr, asked }
}

async function* chunks(text: string): AsyncGenerator<string> {
  if (text !== '') yield text
}
