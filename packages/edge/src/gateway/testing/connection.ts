// A connection as the register has it, for tests of what is counted over them.

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
