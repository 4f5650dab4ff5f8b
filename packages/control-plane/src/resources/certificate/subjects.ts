// Whom an endpoint's certificate speaks for: the names that clients dial and ask for by SNI (which are also the targets
// of its SRV records), and the addresses behind them. Pure, from what the endpoint's row advertises.

import { isIP } from 'node:net'
import type { Advertised } from '../private-endpoint/advertised.ts'

export interface Subjects {
  /** Lower case. */
  readonly names: readonly string[]
  /** IP addresses. */
  readonly addresses: readonly string[]
}

export const subjectsOf = ({ doors }: Advertised): Subjects => ({
  names: [...new Set(doors.map(({ name }) => name.toLowerCase()))],
  addresses: [...new Set(doors.flatMap(({ hosts }) => hosts).filter((host) => isIP(host) !== 0))],
})
