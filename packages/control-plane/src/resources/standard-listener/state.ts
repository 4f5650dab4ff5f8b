// The state of a standard listener, from what is wanted and what the gateways have reported: pure. As with private endpoints,
// open means that every live gateway serves it, and closed that none which we know of and that still stands may serve it.

import type { StandardListenerState } from '@postern/contract/schemas/standard-listener'
import { type Acknowledgement, holds, isSilent, served } from '../private-endpoint/acknowledged.ts'

/** Less than any number of a feed: no gateway was ever told of it, so that none has to let go of it. */
export const neverOpened = 0

export interface Wanted {
  readonly id: string
  readonly enabled: boolean
  readonly privateOnly: boolean
  /** From which number on the gateway's feed says so, or `neverOpened`; null: not published yet. */
  readonly n: number | null
  readonly gatewayPorts: readonly number[]
  /** Members that have none: one that is new gets its own with the feed's next turn. */
  readonly portless: readonly string[]
  /** There is a port to give. */
  readonly portsAreFree: boolean
}

export interface Stands {
  readonly state: StandardListenerState
  /** What it waits for, or what stands in its way; null: nothing. */
  readonly problem: string | null
}

export const listenerState = (wanted: Wanted, acknowledgement: Acknowledgement): Stands =>
  wanted.enabled && !wanted.privateOnly ? opening(wanted, acknowledgement) : closing(wanted, acknowledgement)

const opening = ({ id, n, gatewayPorts, portless, portsAreFree }: Wanted, acknowledgement: Acknowledgement): Stands => {
  if (n !== null && portless.length > 0) {
    const names = portless.join(', ')
    return portsAreFree
      ? { state: 'OPENING', problem: `No port of the gateways was given to ${names} yet.` }
      : { state: 'FAILED', problem: `No port of the gateways is left for ${names}: widen POSTERN_GATEWAY_PORTS.` }
  }
  if (n !== null && gatewayPorts.length === 0)
    return { state: 'OPENING', problem: 'No member of the cluster is known yet.' }
  // Its certificate is reported under its own id.
  const listeners = [...gatewayPorts.map(String), id]
  const at = served([{ feed: 'gateway', n, listeners, reportedAs: [id] }], acknowledgement)
  if (at.done) return { state: 'OPEN', problem: null }
  return { state: at.problem ? 'FAILED' : 'OPENING', problem: sentence(at.reason) }
}

const closing = ({ enabled, n }: Wanted, { epoch, reports, now }: Acknowledgement): Stands => {
  if (n === neverOpened) return { state: 'OFF', problem: null }
  if (n === null) return { state: 'CLOSING', problem: 'The gateway feed is not published yet.' }
  const late = reports.filter(
    (report) => report.feed === 'gateway' && report.revoked === undefined && !holds(report, epoch, n),
  )
  const silent = late.find((report) => isSilent(report, now))
  if (silent !== undefined) {
    const since = new Date(silent.seen).toISOString()
    const problem = `Edge ${silent.edge} may still serve it: nothing was heard of its gateway since ${since}. Start it again, or forget it if it is gone for good (postern edges forget ${silent.edge}).`
    return { state: 'CLOSING', problem }
  }
  const [slow] = late
  if (slow !== undefined)
    return { state: 'CLOSING', problem: `The gateway of edge ${slow.edge} has not let go of it yet.` }
  return enabled ? { state: 'CLOSED_BY_PRIVATE_ONLY', problem: privateOnlyStands } : { state: 'OFF', problem: null }
}

const privateOnlyStands = 'The project is private only: its standard listeners are closed until it no longer is.'

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`
