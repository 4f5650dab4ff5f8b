// One row of a table of commands: what is typed, what the server answers, what was sent and printed.

import { expect } from 'vitest'
import type { Answers, RecordingServer } from './recording-server.ts'
import { orgId, runTrial, type TrialParts } from './run-trial.ts'

export interface CommandRow extends TrialParts {
  readonly says: string
  /** Words apart by one blank. */
  readonly line: string
  readonly answers: Answers
  /** Every request, as `METHOD /target` and, where there is one, its body. */
  readonly sent: readonly (readonly [target: string, body?: unknown])[]
  readonly stdout: string
  /** Beside the line that names the server; nothing where left out. */
  readonly stderr?: RegExp
}

/** Query of a list with its paging flags left alone. */
export const page = '?includeCount=true&itemsPerPage=100&pageNum=1'

export async function checkRow(server: RecordingServer, row: CommandRow): Promise<void> {
  const { line, answers, sent, stdout, stderr, ...parts } = row
  server.answers = answers
  server.requests.length = 0
  const trial = await runTrial(line.split(' '), {
    url: server.url,
    ...parts,
    env: { POSTERN_ORG_ID: orgId, ...parts.env },
  })
  expect(trial.stderr.replace(/^Using .*\n/m, '')).toMatch(stderr ?? /^$/)
  expect(trial.stdout).toBe(stdout)
  expect(trial.code).toBe(0)
  expect(server.requests.map(({ method, target, body }) => [`${method} ${target}`, body])).toEqual(
    sent.map(([target, body]) => [target, body]),
  )
}
