// For tests only: `diff` and `apply` of one project, `Shop`, against a server that answers as it is told and notes what it is asked.

import { afterAll, beforeAll } from 'vitest'
import { type Answers, type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, orgId, runTrial, type TrialParts } from '../trial/run-trial.ts'

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

export const all = '?pageNum=1&itemsPerPage=500&includeCount=true'
export const group = `/api/atlas/v2/groups/${groupId}`
export const own = `/api/postern/v1/groups/${groupId}/privateEndpoint`
export const page = (...results: readonly unknown[]) => ({ body: { links: [], results, totalCount: results.length } })
const shop = { [`GET /api/atlas/v2/orgs/${orgId}/groups${all}`]: page({ id: groupId, name: 'Shop', orgId }) }
export const details = {
  createDate: '',
  description: '',
  labels: {},
  undoUntil: null,
  endpointIds: [],
  status: 'AVAILABLE',
}

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly asked: readonly string[]
  /** Everything but looks. */
  readonly sent: readonly (readonly [string, unknown])[]
}
export async function run(line: string, file: string, answers: Answers, parts: TrialParts = {}): Promise<Ran> {
  server.answers = { ...shop, ...answers }
  server.requests.length = 0
  const trial = await runTrial(line.split(' '), {
    url: server.url,
    stdin: `apiVersion: postern/v1\nprojects:\n  - name: Shop\n${file}`,
    ...parts,
    env: { POSTERN_ORG_ID: orgId, ...parts.env },
  })
  const sent = server.requests.filter(({ method }) => method !== 'GET')
  return { ...trial, sent: sent.map(({ method, target, body }) => [`${method} ${target}`, body] as const) }
}
