// How a connection came in: through which endpoint as its arrival says, from whom, and what would keep it out by now. By a
// PROXY header that may be believed, by a socket that belongs to some endpoints alone, or by a standard listener.
//
// A standard listener's port says through which door, and the address that a client comes from is judged by the door's access
// list. Whether a PROXY header stands before the client's bytes is never guessed from them: whoever connects from a trusted
// range must send one, and its source is judged; from everybody else none is read, so that a header of theirs is nothing but
// bytes that are no MongoDB, and their own address is judged.

import type { Socket } from 'node:net'
import type { ProxyHeader } from '../proxy-protocol/decode.ts'
import { checkProof } from '../proxy-protocol/proof.ts'
import { type Arrival, linkNamed } from './admit.ts'
import type { ConnectionParts } from './connection.ts'
import { hostPort, Refusal } from './life.ts'
import { type Preface, readProxyHeader } from './listener.ts'
import { doorFor, type OwnDoor, sameDoor } from './own-listeners.ts'
import type { Arriving } from './ports.ts'

export interface Way extends Pick<Arrival, 'gatewayPort' | 'link'> {
  /** The client, `host:port`; null where it is not known. */
  readonly source: string | null
  /** Its address alone. */
  readonly address: string | null
  /** What hello says instead of the endpoint's address; null: its address. */
  readonly shownHost: string | null
  /** What would keep it out by now; null: nothing. */
  against(): string | null
}

type WayParts = Pick<ConnectionParts, 'register' | 'trusted' | 'proof' | 'waiting' | 'clock' | 'limits'>

/** Throws Refusal for one that may not come in. */
export const wayOf = ({ socket, port, ownDoors }: Arriving, parts: WayParts): Way | Promise<Way> =>
  ownDoors
    ? throughOwn(ownDoors, socket)
    : isStandard(port, parts)
      ? throughStandard(socket, port, parts)
      : throughProxy(socket, port, parts)

const isStandard = (port: number, { register }: WayParts): boolean =>
  register.index()?.listeners.get(port)?.endpointId != null

/** As the socket has it, an IPv4 one without its mapping into IPv6. */
const peerOf = ({ remoteAddress }: Socket): string => (remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '')

function throughOwn(doors: () => readonly OwnDoor[], accepted: Socket): Way {
  const peer = peerOf(accepted)
  if (peer === '') throw new Refusal('CLOSED', 'closed at once')
  const door = doorFor(doors(), peer)
  if (door === null) throw new Refusal('SOURCE_NOT_ALLOWED', `${peer} is in no range that this listener is for`)
  return {
    ...door.arrival,
    shownHost: door.shownHost,
    source: hostPort(peer, accepted.remotePort),
    address: peer,
    against() {
      const now = doorFor(doors(), peer)
      return now !== null && sameDoor(now, door) ? null : `the listener is no longer there for ${peer}`
    },
  }
}

async function throughProxy(accepted: Socket, gatewayPort: number, parts: WayParts): Promise<Way> {
  const peer = peerOf(accepted)
  if (peer === '') throw new Refusal('CLOSED', 'closed at once')
  const found = believes(peer, gatewayPort, parts)
    ? aHeader(await readProxyHeader(accepted, parts.limits.headerMs))
    : await aStrangersHeader(accepted, peer, parts)
  const byRange = believes(peer, gatewayPort, parts)
  if (!byRange) await proved(found, peer, parts)
  return new ThroughProxy({ header: found.header, gatewayPort, trustedPeer: byRange ? peer : null, parts })
}

async function throughStandard(accepted: Socket, gatewayPort: number, parts: WayParts): Promise<Way> {
  const peer = peerOf(accepted)
  if (peer === '') throw new Refusal('CLOSED', 'closed at once')
  const isProxied = believes(peer, gatewayPort, parts)
  const own = { host: peer, port: accepted.remotePort }
  const client = isProxied ? aHeader(await readProxyHeader(accepted, parts.limits.headerMs)).header.source : own
  return new ThroughStandard({ client, gatewayPort, peer, isProxied, parts })
}

/** Throws Refusal where no header of theirs could be believed, where none comes, and where others needed its place before. */
async function aStrangersHeader(accepted: Socket, peer: string, { proof, waiting, limits }: WayParts): Promise<Found> {
  const stranger = `${peer} is in no trusted range`
  if (proof === null) throw new Refusal('UNTRUSTED_SOURCE', stranger)
  let gaveWay = false
  const leave = waiting.enter(peer, () => {
    gaveWay = true
    accepted.destroy()
  })
  const preface = await readProxyHeader(accepted, limits.headerMs)
  leave()
  if (gaveWay)
    throw new Refusal('TOO_MANY_HEADERS', `${stranger}, sent no header, and gave way to others that came later`)
  if (preface.state === 'refused') throw new Refusal('UNTRUSTED_SOURCE', `${stranger}, and ${preface.reason}`)
  return aHeader(preface)
}

/** Of a connection, not of a look whether we are there. Throws Refusal where there is none. */
function aHeader(preface: Preface): Found {
  if (preface.state === 'closed') throw new Refusal('CLOSED', `closed after ${preface.bytes} bytes of a PROXY header`)
  if (preface.state === 'refused') throw new Refusal('PROXY_HEADER', preface.reason)
  if (preface.header.command === 'LOCAL')
    throw new Refusal('HEALTH_CHECK', 'a load balancer looked whether we are there')
  return preface
}

/** The trusted ranges of its port, as they are by now. */
const believes = (peer: string, gatewayPort: number, { register, trusted }: WayParts): boolean =>
  trusted().believes(register.index()?.listeners.get(gatewayPort)?.serviceId ?? null, peer)

/** Throws Refusal for a header without a proof of our forwarder. */
async function proved({ bytes }: Found, peer: string, { proof, clock }: WayParts): Promise<void> {
  if (proof === null) throw new Refusal('UNTRUSTED_SOURCE', `${peer} is in no trusted range`)
  const checked = checkProof(proof.key, bytes, clock.now())
  if (!checked.ok) throw new Refusal('UNTRUSTED_SOURCE', `${peer} is in no trusted range, and ${checked.reason}`)
  if (!(await proof.memory.firstUse(checked, clock.now())))
    throw new Refusal('REPLAYED_PROOF', 'the proof was used before')
}

type Found = Extract<Preface, { readonly state: 'header' }>

interface ThroughProxyParts {
  readonly header: ProxyHeader
  readonly gatewayPort: number
  /** null: it had a proof. */
  readonly trustedPeer: string | null
  readonly parts: WayParts
}

/** A class, as whatever thousands of idle connections hold: what is in no field of it is let go of. */
class ThroughProxy implements Way {
  readonly gatewayPort: number
  readonly link: Arrival['link']
  readonly source: string | null
  readonly address: string | null
  readonly shownHost = null
  readonly #parts: WayParts
  /** Whom it was believed for its range; null: it had a proof. */
  readonly #peer: string | null
  /** What a fixed TLV named, and where; null: a vendor's TLV said it. */
  readonly #named: { readonly endpoint: string | null; readonly header: Pick<ProxyHeader, 'tlvs'> } | null

  constructor({ header, gatewayPort, trustedPeer, parts }: ThroughProxyParts) {
    const { register, trusted } = parts
    const endpoint = header.link === null ? trusted().named(header) : null
    this.gatewayPort = gatewayPort
    this.link = endpoint === null ? header.link : linkNamed(register.index(), gatewayPort, endpoint)
    this.source = header.source && hostPort(header.source.host, header.source.port)
    this.address = header.source?.host ?? null
    this.#parts = parts
    this.#peer = trustedPeer
    this.#named = header.link === null ? { endpoint, header: { tlvs: header.tlvs } } : null
  }

  against(): string | null {
    if (this.#peer !== null && !believes(this.#peer, this.gatewayPort, this.#parts))
      return 'the PROXY header came from where none is believed any more'
    const still = this.#named === null || this.#parts.trusted().named(this.#named.header) === this.#named.endpoint
    return still ? null : 'its TLV no longer names this endpoint'
  }
}

interface ThroughStandardParts {
  /** null: its header does not name it. */
  readonly client: { readonly host: string; readonly port: number | undefined } | null
  readonly gatewayPort: number
  readonly peer: string
  readonly isProxied: boolean
  readonly parts: WayParts
}

class ThroughStandard implements Way {
  readonly gatewayPort: number
  readonly link = null
  readonly source: string | null
  readonly address: string | null
  readonly shownHost = null
  readonly #parts: WayParts
  readonly #peer: string
  readonly #isProxied: boolean

  constructor({ client, gatewayPort, peer, isProxied, parts }: ThroughStandardParts) {
    this.gatewayPort = gatewayPort
    this.source = client && hostPort(client.host, client.port)
    this.address = client?.host ?? null
    this.#parts = parts
    this.#peer = peer
    this.#isProxied = isProxied
  }

  against(): string | null {
    if (believes(this.#peer, this.gatewayPort, this.#parts) === this.#isProxied) return null
    return this.#isProxied
      ? 'the PROXY header came from where none is believed any more'
      : `by now ${this.#peer} is one of those that have to send a PROXY header`
  }
}
