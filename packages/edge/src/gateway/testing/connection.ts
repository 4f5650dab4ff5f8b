// A connection as the register has it, for tests of what is counted over them.

import type { Refused } from '../refusals.ts'
import type { JoinedConnection } from '../register.ts'

export const connection = (over: Partial<JoinedConnection> = {}): JoinedConnection => ({
  id: '0'.repeat(24),
  endpointId: 'endpoint-1',
  cloudEndpointId: 'vpce-1',
  clusterId: 'cluster-1',
  memberId: 'member-1',
  member: 'a:27017',
  source: null,
  gatewayPort: 40_000,
  memberPort: 50_000,
  tls: false,
  driver: null,
  appName: null,
  os: null,
  platform: null,
  user: null,
  startedAt: 0,
  lastActivityAt: 0,
  operations: 3,
  working: false,
  hellos: 1,
  handshakeMs: 2,
  bytesFromClient: 10,
  bytesFromMember: 20,
  ...over,
})

/** Turned away, at this endpoint or at ports of these services. */
export const refused = (
  code: string,
  {
    endpointId,
    serviceIds = [],
    what = 'connection',
    ...last
  }: Partial<Pick<Refused, 'what' | 'lastAt' | 'lastConnection' | 'lastPort' | 'lastFrom'>> & {
    readonly endpointId?: string
    readonly serviceIds?: readonly string[]
  },
): Refused => ({
  code,
  what,
  whose: { endpoint: endpointId === undefined ? null : { id: endpointId, cloudEndpointId: 'vpce' }, serviceIds },
  ...{ lastAt: 1, lastConnection: null, lastPort: null, lastFrom: null },
  ...last,
})
