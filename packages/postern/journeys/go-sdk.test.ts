// The official Go SDK, unchanged: a program of ours (go-sdk/) makes, reads and removes everything that private endpoints
// touch, and holds each answer against the SDK's own models. It needs Go and the network, so only `POSTERN_GO` runs it.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Fidelity } from '@postern/contract/fidelity'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { startForTest } from './running.ts'

const go = process.env.POSTERN_GO
const missing = go === undefined ? 'POSTERN_GO names no go program: the Go SDK was not tried' : null
const source = fileURLToPath(new URL('go-sdk/', import.meta.url))

interface Report {
  readonly calls: number
  readonly faults: readonly string[]
}

let folder: string
let program: string

// The SDK is one package of 1,000 files: compiling it takes minutes on a small machine.
beforeAll(async () => {
  if (go === undefined) return
  folder = mkdtempSync(join(tmpdir(), 'postern-go-sdk-'))
  program = join(folder, 'go-sdk')
  await promisify(execFile)(go, ['build', '-p', '2', '-o', program, '.'], { cwd: source })
}, 900_000)
afterAll(() => {
  if (folder) rmSync(folder, { recursive: true, force: true })
})

/** Runs the program with these variables and no others of Atlas; what it reports, also where it ends with 1. */
async function report(env: Readonly<Record<string, string>>): Promise<Report> {
  const ran = promisify(execFile)(program, [], { env: { PATH: process.env.PATH, HOME: folder, ...env } })
  const { stdout, stderr } = await ran.catch((error: { stdout: string; stderr: string }) => error)
  if (!stdout.startsWith('{')) throw new Error(`the program reported nothing: ${stderr}`)
  return JSON.parse(stdout) as Report
}

describe.each<{ readonly fidelity: Fidelity }>([{ fidelity: 'postern' }, { fidelity: 'atlas' }])(
  'with --fidelity $fidelity',
  ({ fidelity }) => {
    let running: Running

    beforeAll(async () => {
      if (missing === null) running = await startForTest({ fidelity })
    })
    afterAll(() => running?.stop())

    test.for<{ readonly says: string; readonly keys: () => Readonly<Record<string, string>> }>([
      {
        says: 'API keys',
        keys: () => ({
          MONGODB_ATLAS_PUBLIC_KEY: running.bootstrap.publicKey,
          MONGODB_ATLAS_PRIVATE_KEY: running.bootstrap.privateKey,
        }),
      },
      {
        says: 'a service account',
        keys: () => ({
          MONGODB_ATLAS_CLIENT_ID: running.bootstrap.clientId,
          MONGODB_ATLAS_CLIENT_SECRET: running.bootstrap.clientSecret,
        }),
      },
    ])(
      'by $says, every answer fits the models, and what is refused is told by its code',
      { timeout: 300_000 },
      async ({ keys }, context) => {
        if (missing !== null) context.skip(missing)
        const { apiUrl, orgId } = running.bootstrap
        const { calls, faults } = await report({
          MONGODB_ATLAS_BASE_URL: String(apiUrl),
          MONGODB_ATLAS_ORG_ID: orgId,
          ...keys(),
        })
        expect(faults).toEqual([])
        expect(calls).toBeGreaterThan(180)
      },
    )
  },
)
