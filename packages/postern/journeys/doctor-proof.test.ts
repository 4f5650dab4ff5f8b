// Where each check of the doctor is broken, so that none can be added without a test that breaks just that: a check that
// is missing in the table does not compile, and one that its file does not name fails here.

import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { CheckId } from '@postern/contract/diagnosis'
import { expect, test } from 'vitest'

const packages = fileURLToPath(new URL('../../', import.meta.url))

const files = {
  /** What can be broken in a running installation. */
  journey: 'postern/journeys/doctor.test.ts',
  clouds: 'postern/journeys/doctor-clouds.test.ts',
  faults: 'postern/journeys/doctor-faults.test.ts',
  names: 'postern/journeys/doctor-names.test.ts',
  secrets: 'postern/journeys/doctor-secrets.test.ts',
  /** What only a clock, or an edge that says so, can break. */
  clock: 'control-plane/src/resources/diagnosis/handlers.test.ts',
  /** The embedded store cannot be taken away from a control plane that runs. */
  server: 'cli/src/doctor/installation.test.ts',
} as const

const brokenIn: Readonly<Record<CheckId, readonly (keyof typeof files)[]>> = {
  'string-readable': ['journey', 'secrets'],
  'load-balanced': ['journey'],
  'home-closed': ['journey'],
  'server-reachable': ['journey'],
  'server-ready': ['server'],
  'keys-accepted': ['journey'],
  'may-change': ['clouds'],
  clock: ['journey'],
  'edges-heard': ['clock'],
  'edges-current': ['clock'],
  'edges-serve': ['journey', 'clock'],
  'target-known': ['journey'],
  'through-endpoint': ['journey'],
  'service-made': ['faults', 'clock'],
  'room-for-members': ['clouds', 'clock'],
  'endpoint-accepted': ['journey', 'clouds', 'faults', 'clock'],
  'service-used': ['clouds'],
  'last-endpoint': ['clouds'],
  leftovers: ['journey'],
  'cluster-running': ['journey'],
  'cluster-tier': ['journey'],
  'regions-covered': ['journey'],
  'regional-mode': ['clouds'],
  'deployment-answers': ['journey'],
  'user-known': ['journey', 'secrets'],
  'user-in-scope': ['journey'],
  'user-applied': ['clock'],
  'own-answer': ['names'],
  'srv-resolves': ['names', 'journey'],
  'host-resolves': ['names', 'journey'],
  'private-answer': ['names'],
  'regions-reached': ['journey'],
  'edge-listens': ['journey'],
  'dns-answers': ['journey'],
  'port-block': ['clouds'],
  'port-open': ['journey'],
  'room-for-connections': ['journey'],
  tls: ['journey', 'names'],
  admitted: ['journey'],
  'member-answers': ['journey'],
  'set-name': ['journey'],
  primary: ['journey'],
  advertised: ['journey'],
  authentication: ['journey', 'secrets'],
  'idle-time': ['journey'],
}

/** They only ever have something to say, and are looked at one by one. */
const notes: ReadonlySet<CheckId> = new Set(['may-change', 'last-endpoint', 'regional-mode', 'port-block'])

/** In the words of these tests: named first or alone, a row of a table, or a note. */
const isNamedIn = (source: string, id: CheckId): boolean =>
  [
    `(names|warns)\\((?:(?!\\n  \\}).)*'${id}'`,
    `first: '${id}'`,
    `\\['${id}', (1|status)\\]`,
    `(FAILED|WARNING) ${id}: `,
    ...(notes.has(id) ? [`findingOf\\([^)]*(\\(\\))?, '${id}'\\)`] : []),
  ].some((words) => new RegExp(words, 's').test(source))

test.each(Object.entries(brokenIn) as [CheckId, readonly (keyof typeof files)[]][])(
  '%s is broken, and named',
  async (id, where) => {
    for (const each of where) {
      const source = await readFile(`${packages}${files[each]}`, 'utf8')
      expect(isNamedIn(source, id), `${id} in ${files[each]}`).toBe(true)
    }
  },
)
