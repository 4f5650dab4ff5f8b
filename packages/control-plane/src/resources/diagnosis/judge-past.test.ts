// What is said of connections that came past the private endpoints. That they are found, at a running Postern:
// packages/postern/journeys/doctor-project.test.ts.

import { describe, expect, test } from 'vitest'
import type { MemberSession } from '../../engines/member-sessions.ts'
import { nobodyPastEndpoint } from './judge-past.ts'
import type { PastEndpoints } from './past-endpoints.ts'

const session = (over: Partial<MemberSession> = {}): MemberSession => ({
  id: 1,
  host: '10.0.0.7',
  port: 50_000,
  appName: 'shop',
  driver: 'nodejs 7.9.0',
  user: 'admin.app',
  ...over,
})
const clusterName = 'Cluster0'
const judged = (...past: readonly PastEndpoints[]) => nobodyPastEndpoint({ about: 'CLUSTER', past })
const looked = (...past: readonly MemberSession[]): PastEndpoints => ({ clusterName, kind: 'LOOKED', past })

describe('who goes past', () => {
  test('is named by application, driver, address and user, most connections first', () => {
    const found = judged(
      looked(
        session({ appName: null, driver: 'PyMongo', host: '10.0.0.8', user: null }),
        session(),
        session({ user: null }),
      ),
    )
    expect(found).toMatchObject({
      status: 'WARNING',
      found:
        'Connected to cluster Cluster0 past its endpoints: shop (nodejs 7.9.0) from 10.0.0.7 as admin.app, 2 connections; no appName (PyMongo) from 10.0.0.8, 1 connection.',
      command: 'postern clusters connectionStrings describe Cluster0 --type privateEndpoint',
    })
  })

  test('is counted where they are many', () => {
    const many = Array.from({ length: 7 }, (_, n) => session({ appName: `app-${n}` }))
    expect(judged(looked(...many)).found).toMatch(/app-4 .*; and 2 more\.$/)
  })

  test('is no finding about the installation, where members are not asked', () => {
    expect(nobodyPastEndpoint({ about: 'INSTALLATION', past: [] }).status).toBe('NOT_APPLICABLE')
  })
})

test.each<{ says: string; past: readonly PastEndpoints[]; status: string }>([
  { says: 'nobody', past: [looked()], status: 'OK' },
  { says: 'no endpoint', past: [{ clusterName, kind: 'NO_ENDPOINT' }], status: 'NOT_APPLICABLE' },
  { says: 'no administrator', past: [{ clusterName, kind: 'NO_ADMINISTRATOR' }], status: 'NOT_APPLICABLE' },
  { says: 'one who may not look', past: [{ clusterName, kind: 'NOT_SHOWN', user: 'root' }], status: 'COULD_NOT_TELL' },
  { says: 'an edge that is silent', past: [{ clusterName, kind: 'SILENT', who: 'edge a' }], status: 'COULD_NOT_TELL' },
  {
    says: 'one cluster that is silent and one that somebody goes past',
    past: [{ clusterName, kind: 'SILENT', who: 'edge a' }, looked(session())],
    status: 'WARNING',
  },
])('$says: $status', ({ past, status }) => {
  expect(judged(...past).status).toBe(status)
})

test('who may not look is told which role lets them', () => {
  expect(judged({ clusterName, kind: 'NOT_SHOWN', user: 'ro"ot' }).whatToDo).toContain(
    `grantRolesToUser("ro\\"ot", ['clusterMonitor'])`,
  )
})
