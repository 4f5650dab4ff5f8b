// Where each check of the doctor is broken. A journey that closes with `provesItsChecks` has to break what stands here for
// it: at that running Postern the doctor found nothing of the check at one time, and named it first at another. A check
// that is missing in the table does not compile.

import type { CheckId } from '@postern/contract/diagnosis'
import { expect, test } from 'vitest'
import { proven } from './examined.ts'

export const brokenIn = {
  'string-readable': ['secrets'],
  'load-balanced': ['strings'],
  'home-closed': ['installation'],
  'server-reachable': ['installation'],
  'server-ready': ['silence'],
  'keys-accepted': ['installation'],
  'may-change': ['clouds'],
  clock: ['installation'],
  'edges-heard': ['silence'],
  'edges-current': ['silence'],
  'edges-release': ['silence'],
  'edges-serve': ['installation'],
  'edges-believe': ['silence'],
  'target-known': ['strings', 'project'],
  'through-endpoint': ['strings'],
  'service-made': ['faults'],
  'room-for-members': ['clouds'],
  'endpoint-accepted': ['project', 'clouds', 'faults'],
  'service-used': ['clouds'],
  'last-endpoint': ['clouds'],
  leftovers: ['strings'],
  'cluster-running': ['project'],
  'cluster-tier': ['project'],
  'regions-covered': ['project'],
  'regional-mode': ['clouds'],
  'deployment-answers': ['project'],
  'hidden-members': ['registered'],
  'nobody-past-endpoint': ['project'],
  'user-known': ['strings', 'secrets'],
  'user-in-scope': ['project'],
  'user-applied': ['registered'],
  'own-answer': ['names'],
  'srv-resolves': ['names'],
  'host-resolves': ['names', 'strings'],
  'private-answer': ['names'],
  'regions-reached': ['project'],
  'edge-listens': ['installation'],
  'dns-answers': ['installation'],
  'port-block': ['clouds'],
  'port-open': ['strings', 'installation'],
  'room-for-connections': ['installation'],
  'within-policy': ['policy'],
  'turned-away': ['strings'],
  tls: ['names'],
  admitted: ['strings'],
  'member-answers': ['project'],
  'set-name': ['strings'],
  primary: ['project'],
  advertised: ['strings'],
  authentication: ['strings', 'secrets'],
  'idle-time': ['strings'],
} as const satisfies Readonly<Record<CheckId, readonly [string, ...string[]]>>

export type Journey = (typeof brokenIn)[CheckId][number]

const checksOf = (journey: Journey): readonly string[] =>
  Object.entries(brokenIn).flatMap(([id, journeys]) => ((journeys as readonly string[]).includes(journey) ? [id] : []))

/** The last test of `doctor-<journey>.test.ts`; run by itself it proves nothing, and fails. */
export const provesItsChecks = (journey: Journey): void => {
  test('each check that this journey is to break was well, and named first when it was broken', () => {
    expect(checksOf(journey).filter((id) => !proven(id))).toEqual([])
  })
}
