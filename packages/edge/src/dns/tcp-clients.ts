// The TCP clients of the DNS server, as many as it has room for. Whoever comes is let in: in the place of the one that has been
// idle longest, of its own network where that has its share already. So one host, or one network, shuts nobody else out.

import type { Socket } from 'node:net'
import { networkOf } from '../network.ts'

export interface TcpClients {
  enter(socket: Socket): void
  /** It has asked something whole. */
  asked(socket: Socket): void
  closeAll(): void
}

export interface Room {
  readonly connections: number
  /** Of one network (IPv4 /24, IPv6 /56). */
  readonly perNetwork: number
}

export function createTcpClients({ connections, perNetwork }: Room): TcpClients {
  /** With their networks, the one that has been idle longest first. */
  const clients = new Map<Socket, string>()
  const perNetworkNow = new Map<string, number>()

  const leave = (socket: Socket): void => {
    const network = clients.get(socket)
    if (network === undefined) return
    clients.delete(socket)
    const left = (perNetworkNow.get(network) ?? 1) - 1
    if (left === 0) perNetworkNow.delete(network)
    else perNetworkNow.set(network, left)
  }

  const closeIdlest = (isMeant: (network: string) => boolean): void => {
    for (const [socket, network] of clients) {
      if (!isMeant(network)) continue
      leave(socket)
      socket.destroy()
      return
    }
  }

  return {
    enter(socket) {
      const network = networkOf(socket.remoteAddress ?? '')
      if ((perNetworkNow.get(network) ?? 0) >= perNetwork) closeIdlest((each) => each === network)
      if (clients.size >= connections) closeIdlest(() => true)
      clients.set(socket, network)
      perNetworkNow.set(network, (perNetworkNow.get(network) ?? 0) + 1)
      socket.on('close', () => leave(socket))
    },
    asked(socket) {
      const network = clients.get(socket)
      if (network === undefined) return
      clients.delete(socket)
      clients.set(socket, network)
    },
    closeAll() {
      for (const socket of clients.keys()) socket.destroy()
    },
  }
}
