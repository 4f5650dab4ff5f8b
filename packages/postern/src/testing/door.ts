// What is the same of one that was started and one that was taken: the door for test suites, by the owner's key pair,
// whose proof holds whatever time it is there.

import { connect } from '@postern/cli/connect'
import type { Client } from '@postern/contract/client'
import type { TakenPostern } from '../testing.ts'

export interface OwnerAt {
  readonly apiUrl: string
  readonly publicKey: string
  readonly privateKey: string
}

type AtTheDoor = 'apiUrl' | 'consoleUrl' | 'publicKey' | 'privateKey' | 'faults' | 'advance' | 'keepSeed' | 'reset'

export const doorOf = ({
  apiUrl: given,
  publicKey,
  privateKey,
}: OwnerAt): { readonly client: Client; readonly postern: Pick<TakenPostern, AtTheDoor> } => {
  const apiUrl = given.replace(/\/+$/, '')
  const client = connect({ baseUrl: apiUrl, credentials: { kind: 'digest', publicKey, privateKey } })
  return {
    client,
    postern: {
      apiUrl,
      consoleUrl: `${apiUrl}/`,
      publicKey,
      privateKey,
      faults: {
        set: async (fault) => (await client.call('createTestingFault', { body: fault })).body,
        list: async () => (await client.call('listTestingFaults')).body.results,
        clear: async (faultId) => {
          if (faultId === undefined) await client.call('deleteTestingFaults')
          else await client.call('deleteTestingFault', { params: { faultId } })
        },
      },
      advance: async (ms) => new Date((await client.call('advanceTestingClock', { body: { ms } })).body.now),
      keepSeed: async () => void (await client.call('keepTestingSeed')),
      reset: async () => void (await client.call('resetTesting')),
    },
  }
}
