// A public linter's opinion of the OpenAPI document; its rules are in ../openapi-lint.yaml.

import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { openApiDocument } from './openapi.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const redocly = at('../../../test-tools/node_modules/@redocly/cli/bin/cli.js')
const rules = at('../openapi-lint.yaml')
const folder = mkdtempSync(join(tmpdir(), 'postern-openapi-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Verdict {
  readonly totals: { readonly errors: number; readonly warnings: number }
  readonly problems: readonly { readonly ruleId: string; readonly message: string; readonly location: unknown }[]
}

const lint = (document: unknown): Promise<Verdict> => {
  const file = join(folder, 'openapi.json')
  writeFileSync(file, JSON.stringify(document))
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', CI: 'true' }
  const argv = [redocly, 'lint', file, '--config', rules, '--format', 'json', '--max-problems', '20']
  return new Promise((resolve, reject) =>
    execFile(process.execPath, argv, { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const from = stdout.indexOf('{')
      if (from < 0) return reject(new Error(`${error?.message}\n${stderr}`))
      resolve(JSON.parse(stdout.slice(from)) as Verdict)
    }),
  )
}

test('Redocly finds nothing to say against the document', { timeout: 60_000 }, async ({ skip }) => {
  if (!existsSync(redocly)) skip('test-tools/ is not installed; npm test installs it')
  const { problems, totals } = await lint(openApiDocument('http://localhost:8080'))
  expect(problems.map(({ ruleId, message, location }) => ({ ruleId, message, location }))).toEqual([])
  expect(totals).toMatchObject({ errors: 0, warnings: 0 })
})

test('and it would: an operation without a summary is told', { timeout: 60_000 }, async ({ skip }) => {
  if (!existsSync(redocly)) skip('test-tools/ is not installed; npm test installs it')
  const document = structuredClone(openApiDocument('http://localhost:8080')) as {
    paths: Record<string, Record<string, { summary?: string }>>
  }
  delete document.paths['/healthz']?.get?.summary
  expect((await lint(document)).problems.map(({ ruleId }) => ruleId)).toEqual(['operation-summary'])
})
