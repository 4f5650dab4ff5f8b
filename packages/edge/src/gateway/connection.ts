// One client's life, phase by phase; the file to read first. accept → PROXY v2 → admit → TLS → admit by name → dial the
// member → join → end. A phase that does not let it go on throws a Refusal (or a DialError); that ends it in one place,
// with one log line that says whose side it was. It stands in the register from its first moment, so that a newer
// snapshot finds and ends it in any phase (life.ts).

import type { Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import type { CertificateFor } from '../certificates/certificates.ts'
import { checkProof, type UsedProofs } from '../proxy-protocol/proof.ts'
import { type Arrival, admit, linkNamed, nodeTls } from './admit.ts'
import { shown } from './client-certificate.ts'
import { createGuard, guardRules, sameRules } from './guard/guard.ts'
import type { JoinMethod } from './join/join.ts'
import { onreadJoin } from './join/onread.ts'
import { createStandIn } from './join/stand-in.ts'
import { type Admitted, beginLife, hostPort, type Life, type LifeParts, Refusal } from './life.ts'
import { alert, type Preface, readProxyHeader, secure } from './listener.ts'
import { doorFor, type OwnDoor, sameDoor } from './own-listeners.ts'
import { type Dialled, dialAdmitted, type Spread } from './spread.ts'
import { createExchange } from './translate/exchange.ts'
import type { HelloNames } from './translate/hello.ts'
import { balancingFor, namesFor } from './translate/names.ts'
import type { Trusted } from './trusted.ts'
import type { Dial } from './upstream.ts'

/** Milliseconds, unless it says otherwise. */
export interface ConnectionLimits {
  /** For the PROXY header, from accept. */
  readonly headerMs: number
  readonly tlsMs: number
  readonly dialMs: number
  /** For the client's first whole message, from the join. */
  readonly firstMessageMs: number
  /** Without a byte either way; 0: never. */
  readonly idleMs: number
  /** How long one side may stay open after the other is done. */
  readonly halfOpenMs: number
  /** How long a retryable write may still arrive, and be answered, after its member is gone. */
  readonly lingerMs: number
}

export interface ConnectionParts extends LifeParts {
  /** As the file of listeners says by now; so are the doors. */
  readonly trusted: () => Trusted
  /** Of a listener that belongs to some endpoints alone: no PROXY header is read. Absent: one is. */
  readonly ownDoors?: () => readonly OwnDoor[]
  readonly proof: { readonly key: Buffer; readonly memory: UsedProofs } | null
  readonly certificateFor: CertificateFor | null
  readonly limits: ConnectionLimits
  readonly method: JoinMethod
  readonly dial: Dial
  readonly spread: Spread
  /** Whether the member at `host:port` refuses connections by now. Never rejects. */
  readonly refuses: (hostPort: string) => Promise<boolean>
}

/** Serves one accepted socket. Resolves when it is joined or was refused; never rejects. */
export async function serveConnection(accepted: Socket, parts: ConnectionParts): Promise<void> {
  const life = beginLife(accepted, parts)
  try {
    const { shownHost, ...way } = parts.ownDoors
      ? throughOwn(parts.ownDoors, accepted)
      : await throughProxy(accepted, parts)
    life.cameFrom(way.source, way.against)

    let arrival: Arrival = { gatewayPort: way.gatewayPort, link: way.link, sni: 'unread' }
    let admitted = life.admit(arrival)
    await life.enter(admitted)

    let client = accepted
    if (admitted.endpoint.tls) {
      const secured = await startTls(accepted, admitted, parts)
      client = secured.socket
      life.speaksThrough(client)
      const { clientCa } = admitted.endpoint.policy ?? {}
      arrival = {
        ...arrival,
        sni: { name: secured.serverName },
        tlsVersion: secured.version,
        ...(clientCa !== undefined && { clientCertificate: shown(secured.clientCertificate, clientCa) }),
      }
      admitted = life.admit(arrival)
    }

    const rules = guardRules(admitted.endpoint.policy)
    // Requests are judged here, so no other method may take the two sockets.
    const { onread, join } = (rules === null ? parts.method : onreadJoin).prepare()
    const dialled = await life.whileOpen(dialAdmitted(admitted, onread, parts), discard)
    const member = dialled.socket
    if (admitted.balances !== null) arrival = { ...arrival, memberId: dialled.member.id }
    try {
      const now = life.admit(arrival) // a snapshot may have come meanwhile
      if (now.member.id !== dialled.member.id || now.member.hostPort !== dialled.member.hostPort)
        throw new Refusal('MEMBER_CHANGED', 'the port now stands for another member')
      if (!sameRules(rules, guardRules(now.endpoint.policy))) {
        throw new Refusal('POLICY_CHANGED', 'the policy of the endpoint was changed meanwhile')
      }
      if (client.destroyed) throw new Refusal('CLOSED', 'closed while its member was dialled')
      joinBoth({ client, member, join, arrival, shownHost, admitted: now, life, parts, over: dialled.over })
    } catch (error) {
      discard(dialled)
      throw error
    }
  } catch (error) {
    life.refused(error)
  }
}

function discard({ socket, over }: Pick<Dialled, 'socket' | 'over'>): void {
  socket.destroy()
  over()
}

interface Way extends Pick<Arrival, 'gatewayPort' | 'link'> {
  /** The client, `host:port`; null where it is not known. */
  readonly source: string | null
  /** What hello says instead of the endpoint's address; null: its address. */
  readonly shownHost: string | null
  /** What would keep it out by now; null: nothing. */
  readonly against: () => string | null
}

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
    against() {
      const now = doorFor(doors(), peer)
      return now !== null && sameDoor(now, door) ? null : `the listener is no longer there for ${peer}`
    },
  }
}

async function throughProxy(accepted: Socket, parts: ConnectionParts): Promise<Way> {
  const { gatewayPort, register, trusted, limits } = parts
  const { header, trust } = await believed(await readProxyHeader(accepted, limits.headerMs), accepted, parts)
  const named = header.link === null ? trusted().named(header) : null
  return {
    gatewayPort,
    link: named === null ? header.link : linkNamed(register.index(), gatewayPort, named),
    source: header.source && hostPort(header.source.host, header.source.port),
    shownHost: null,
    against() {
      if (!trust()) return 'the PROXY header came from where none is believed any more'
      const still = header.link !== null || trusted().named(header) === named
      return still ? null : 'its TLV no longer names this endpoint'
    },
  }
}

/** The header, if it may be believed: from a trusted range (`trust`: if that is still one), or with a proof of our forwarder. */
async function believed(
  preface: Preface,
  accepted: Socket,
  { trusted, proof, clock, gatewayPort, register }: ConnectionParts,
) {
  if (preface.state === 'closed') throw new Refusal('CLOSED', `closed after ${preface.bytes} bytes of a PROXY header`)
  if (preface.state === 'refused') throw new Refusal('PROXY_HEADER', preface.reason)
  const { header, bytes } = preface
  if (header.command === 'LOCAL') throw new Refusal('HEALTH_CHECK', 'a load balancer looked whether we are there')

  const peer = peerOf(accepted)
  const trust = (): boolean => trusted().believes(register.index()?.listeners.get(gatewayPort)?.serviceId ?? null, peer)
  if (trust()) return { header, trust }
  if (proof === null) throw new Refusal('UNTRUSTED_SOURCE', `${peer} is in no trusted range`)
  const checked = checkProof(proof.key, bytes, clock.now())
  if (!checked.ok) throw new Refusal('UNTRUSTED_SOURCE', `${peer} is in no trusted range, and ${checked.reason}`)
  if (!(await proof.memory.firstUse(checked, clock.now())))
    throw new Refusal('REPLAYED_PROOF', 'the proof was used before')
  return { header, trust: () => true }
}

async function startTls(accepted: Socket, { endpoint }: Admitted, { certificateFor, limits, log }: ConnectionParts) {
  if (certificateFor === null)
    throw new Refusal('NO_CERTIFICATE', 'this gateway has no certificates', alert.accessDenied)
  const clientCa = endpoint.policy?.clientCa ?? null
  const certificate = async (name: string | null): Promise<SecureContext | null> => {
    try {
      return await certificateFor(name, endpoint.id, clientCa)
    } catch (error) {
      log.error({ endpointId: endpoint.id, name, error }, 'a certificate could not be had')
      return null
    }
  }
  const secured = await secure(accepted, {
    unnamed: endpoint.byAddress ? await certificate(null) : null,
    async named(name) {
      if (!endpoint.names.includes(name)) {
        const refused = `${JSON.stringify(name)} is not a name of endpoint ${endpoint.cloudEndpointId}`
        return { code: 'WRONG_NAME', refused }
      }
      const context = await certificate(name)
      return context === null ? { code: 'NO_CERTIFICATE', refused: `there is no certificate for ${name}` } : { context }
    },
    timeoutMs: limits.tlsMs,
    asksCertificate: clientCa !== null,
    ...(endpoint.policy?.minimumTls && { minVersion: nodeTls[endpoint.policy.minimumTls] }),
  })
  if (secured.state === 'failed') throw new Refusal(secured.code, secured.reason)
  return secured
}

interface Both {
  readonly client: Socket
  readonly member: Socket
  readonly join: ReturnType<JoinMethod['prepare']>['join']
  readonly arrival: Arrival
  readonly shownHost: string | null
  readonly admitted: Admitted
  readonly life: Life
  readonly parts: ConnectionParts
  /** Called once it is over. */
  readonly over: () => void
}

function joinBoth({ client, member, join, arrival, shownHost, admitted, life, parts, over }: Both): void {
  const { limits, log, register, id, refuses, clock } = parts
  const serverName = arrival.sni === 'unread' ? null : arrival.sni.name

  /** As the newest snapshot has them; those of the admission while there is no newer word. */
  const names = (): HelloNames => {
    const index = register.index()
    const newest = index === null ? admitted : admit(index, arrival)
    const { endpoint, cluster } = newest.admit ? newest : admitted
    return namesFor(endpoint, cluster, serverName, shownHost)
  }

  const rules = guardRules(admitted.endpoint.policy)
  const exchange = createExchange({
    now: clock.now,
    names,
    guard: rules && createGuard(rules, admitted.endpoint.cloudEndpointId),
    begin: () => life.begin(arrival, admitted),
    balancing: balancingFor(admitted),
    mismatched: (reason) => life.requestRefused({ code: 'LOAD_BALANCER_MISMATCH', reason }),
    refused: life.requestRefused,
    leftOut: (members) => log.debug({ connection: id, members }, 'members left out of an answer to hello'),
  })
  const firstMessage = setTimeout(() => {
    if (exchange.count() > 0) return
    joined.stop({ side: 'client', code: 'NO_FIRST_MESSAGE', reason: `no message within ${limits.firstMessageMs} ms` })
  }, limits.firstMessageMs)
  const memberPort = member.localPort ?? null
  const joined = join({
    client,
    member,
    exchange,
    idleMs: limits.idleMs,
    halfOpenMs: limits.halfOpenMs,
    standIn: createStandIn({
      exchange,
      memberRefuses: () => refuses(admitted.member.hostPort),
      // In load balanced mode a driver has nothing to wait for: the sooner it knows, the sooner it takes another router.
      lingerMs: admitted.balances === null ? limits.lingerMs : 0,
    }),
    now: clock.now,
    ended(end) {
      clearTimeout(firstMessage)
      over()
      life.ended(end)
    },
  })
  life.joined(admitted, joined, exchange, { client, memberPort })
}
