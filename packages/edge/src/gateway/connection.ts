// One client's life, phase by phase; the file to read first. accept → PROXY v2 → admit → TLS → admit by name → dial the
// member → join → end. A phase that does not let it go on throws a Refusal (or a DialError); that ends it in one place,
// with one log line that says whose side it was. It stands in the register from its first moment, so that a newer
// snapshot finds and ends it in any phase (life.ts).

import type { Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import type { CertificateFor } from '../certificates/certificates.ts'
import type { UsedProofs } from '../proxy-protocol/proof.ts'
import { type Arrival, nodeTls } from './admit.ts'
import { shown } from './client-certificate.ts'
import { guardRules, sameRules } from './guard/guard.ts'
import type { JoinMethod } from './join/join.ts'
import { onreadJoin } from './join/onread.ts'
import { Joining } from './joining.ts'
import { type Admitted, type Identified, Life, type LifeParts, Refusal } from './life.ts'
import { alert, secure } from './listener.ts'
import { type Dialled, dialAdmitted, type Spread } from './spread.ts'
import type { Trusted } from './trusted.ts'
import { type Dial, showsCertificate } from './upstream.ts'
import type { WaitingRoom } from './waiting-room.ts'
import { wayOf } from './way.ts'

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

/** The same for all connections. */
export interface ConnectionParts extends LifeParts {
  /** As the file of listeners says by now; so are the doors. */
  readonly trusted: () => Trusted
  readonly proof: { readonly key: Buffer; readonly memory: UsedProofs } | null
  readonly waiting: WaitingRoom
  readonly certificateFor: CertificateFor | null
  readonly limits: ConnectionLimits
  readonly method: JoinMethod
  readonly dial: Dial
  readonly spread: Spread
  /** Whether the member at `host:port` refuses connections by now. Never rejects. */
  readonly refuses: (hostPort: string) => Promise<boolean>
}

/** Serves one accepted socket. Resolves when it is joined or was refused; never rejects. */
export async function serveConnection(arriving: Identified, parts: ConnectionParts): Promise<void> {
  const life = new Life(arriving, parts)
  const accepted = arriving.socket
  try {
    const way = await wayOf(arriving, parts)
    life.cameFrom(way)
    const against = way.against() // while it was asked who comes, that may have become another
    if (against !== null) throw new Refusal('LISTENER_CHANGED', against)

    let arrival: Arrival = { gatewayPort: way.gatewayPort, link: way.link, source: way.address, sni: 'unread' }
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
      const { shownHost } = way
      const ofDial = { over: dialled.over, showsCertificate: showsCertificate(member) }
      const joining = new Joining({ life, parts, arrival, admitted: now, shownHost, ...ofDial })
      joinBoth({ client, member, join, joining, admitted: now, life })
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
  readonly joining: Joining
  readonly admitted: Admitted
  readonly life: Life
}

function joinBoth({ client, member, join, joining, admitted, life }: Both): void {
  const memberPort = member.localPort ?? null
  const joined = join({ client, member }, joining)
  joining.awaitFirst(joined)
  life.joined(admitted, joined, joining.exchange, { client, memberPort })
}
