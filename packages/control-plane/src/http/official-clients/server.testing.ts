// The whole control plane on a port of its own, seeded as a first start does it: what official clients are pointed at.

import type { Fidelity } from '@postern/contract/fidelity'
import { newPrivateKey, newPublicKey } from '../../identity/keys.ts'
import { seedIdentities } from '../../identity/seed.ts'
import { type Listening, listen } from '../../listen.ts'
import { startWhole } from '../whole.testing.ts'
import { account } from './fact.testing.ts'

export interface OfficialServer {
  readonly port: number
  readonly key: { readonly publicKey: string; readonly privateKey: string }
  readonly orgId: string
  readonly groupId: string
  readonly close: () => Promise<void>
}

export const startForOfficialClients = async (fidelity: Fidelity = 'postern'): Promise<OfficialServer> => {
  const open: { listening?: Listening } = {}
  const whole = await startWhole({ publicUrl: null }, { fidelity })
  const { parts, http } = whole.api
  const key = { publicKey: newPublicKey(parts.ids), privateKey: newPrivateKey(parts.ids) }
  const ids = { orgId: parts.ids.objectId(), groupId: parts.ids.objectId() }
  await seedIdentities(parts, {
    ...key,
    ...ids,
    orgName: 'Organization0',
    groupName: 'Project0',
    ownerEmail: 'owner@example.com',
    ownerPassword: 'correct-horse-battery',
    clientId: account.id,
    clientSecret: account.secret,
  })
  const listening = await listen(http.fetch, { host: '127.0.0.1', port: 0, tls: null })
  open.listening = listening
  const close = async (): Promise<void> => {
    await listening.close(0)
    await whole.close()
  }
  return { port: Number(new URL(listening.url).port), key, ...ids, close }
}
