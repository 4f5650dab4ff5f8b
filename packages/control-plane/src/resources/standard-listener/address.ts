// Where clients find the standard listeners.

import { standardNames } from '@postern/contract/host-name'
import type { Settings } from '../../parts.ts'

export interface ListenerAddress {
  /** What strings and hello name: an address of the gateways, or a name that whoever runs them gave it. */
  readonly host: string
  /** The name in our zone that leads there, and that SRV records name. */
  readonly name: string
  /** The name whose SRV records list the members. */
  readonly srv: string
}

export const listenerAddress = (
  clusterName: string,
  hash: string,
  { domain, standardHost = '127.0.0.1' }: Pick<Settings, 'domain' | 'standardHost'>,
): ListenerAddress => ({ host: standardHost, ...standardNames(clusterName, { hash, domain }) })
