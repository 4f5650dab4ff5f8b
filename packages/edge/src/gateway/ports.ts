// The sockets that a gateway listens on: one for each port of its snapshot, and those that belong to endpoints
// (own-listeners.ts). They are made to be those of the newest snapshot, and what cannot be bound is named.

import type { Socket } from 'node:net'
import { notUnderstood, type SnapshotIndex } from './admit.ts'
import type { Listen, Listening } from './listener.ts'
import { type OwnDoor, type OwnSocket, type OwnSockets, ownListenerId, socketKey } from './own-listeners.ts'

export interface TakeResult {
  /** Gateway ports that are bound, as text, and `ownListenerId` of endpoints whose own listeners are. */
  readonly bound: string[]
  readonly failed: { readonly id: string; readonly reason: string }[]
}

export interface Arriving {
  readonly socket: Socket
  readonly port: number
  /** Of a socket that belongs to some endpoints alone, as the newest snapshot has them. */
  readonly ownDoors?: () => readonly OwnDoor[]
  /** Where it has one already. */
  readonly id?: string | undefined
}

interface PortsParts {
  /** Where ports of the snapshot are. */
  readonly host: string
  readonly listen: Listen
  readonly index: () => SnapshotIndex | null
  /** Of the newest snapshot: who enters by a socket that is open already may change. */
  readonly own: () => OwnSockets
  readonly arrived: (arriving: Arriving) => void
}

export interface Ports {
  /** Makes the bound ports those of the newest snapshot, whichever that is by now. One after the other. */
  follow(): Promise<TakeResult>
  /** How many are open. */
  count(): number
  /** Closes them all. */
  close(): Promise<void>
}

export function createPorts({ host, listen, index, own, arrived }: PortsParts): Ports {
  const listening = new Map<number, Listening>()
  const ownListening = new Map<string, Listening>()
  let closed = false
  let turn: Promise<unknown> = Promise.resolve()

  const bind = (port: number): Promise<Listening> =>
    listen({ host, port }, (socket, id) => arrived({ socket, port, id }))

  const bindOwn = (at: OwnSocket): Promise<Listening> =>
    listen({ host: at.host, port: at.port }, (socket, id) =>
      arrived({ socket, port: at.port, id, ownDoors: () => own().sockets.get(socketKey(at))?.doors ?? [] }),
    )

  const keep = <Key>(open: Map<Key, Listening>, key: Key, opened: Listening): void => {
    if (closed) opened.close()
    else open.set(key, opened)
  }

  const followAll = async (): Promise<TakeResult> => {
    const now = index()
    const wanted = new Set(closed ? [] : now?.listeners.keys())
    for (const [port, opened] of listening) {
      if (wanted.has(port)) continue
      opened.close()
      listening.delete(port)
    }
    const failed = now === null ? [] : [...notUnderstood(now)]
    const missing = [...wanted].filter((port) => !listening.has(port))
    await Promise.all(
      missing.map((port) =>
        bind(port).then(
          (opened) => keep(listening, port, opened),
          (error: NodeJS.ErrnoException) => {
            // logged by whoever took the snapshot, and once: this is tried every second
            failed.push({ id: String(port), reason: whyNotBound(host, port, error) })
          },
        ),
      ),
    )
    const ownFailed = await followOwn()
    const unserved = new Set(ownFailed.map(({ id }) => id))
    const direct = own()
      .endpointIds.filter((id) => !unserved.has(id))
      .map(ownListenerId)
    return { bound: [...[...listening.keys()].map(String), ...direct], failed: [...failed, ...ownFailed] }
  }

  /** The same for sockets that belong to endpoints. */
  const followOwn = async (): Promise<TakeResult['failed']> => {
    const { sockets, failed: known } = own()
    for (const [key, opened] of ownListening) {
      if (!closed && sockets.has(key)) continue
      opened.close()
      ownListening.delete(key)
    }
    const failed = [...known]
    const missing = closed ? [] : [...sockets].filter(([key]) => !ownListening.has(key))
    await Promise.all(
      missing.map(([key, socket]) =>
        bindOwn(socket).then(
          (opened) => keep(ownListening, key, opened),
          (error: NodeJS.ErrnoException) => {
            const reason = whyNotBound(socket.host, socket.port, error)
            failed.push(...socket.endpointIds.map((id) => ({ id, reason })))
          },
        ),
      ),
    )
    return failed
  }

  const follow = (): Promise<TakeResult> => {
    const done = turn.then(followAll)
    turn = done
    return done
  }

  return {
    follow,
    count: () => listening.size + ownListening.size,
    async close() {
      closed = true
      await follow()
    },
  }
}

function whyNotBound(host: string, port: number, { code, message }: NodeJS.ErrnoException): string {
  const place = `${host} port ${port}`
  if (code === 'EADDRINUSE') {
    return `${place} is in use by another program; stop it and it is bound within seconds (who: ss -ltnp "sport = :${port}")`
  }
  if (code === 'EADDRNOTAVAIL')
    return `${host} is no address of this machine; give the gateway another one to listen on`
  if (code === 'EACCES') return `${place} may not be bound by this user; give the gateway a range of ports from 1024`
  return `${place} cannot be bound: ${code ?? message}`
}
