// Opens the port: HTTP or HTTPS in front of a fetch function. Says in a sentence why a port could not be opened, and
// closes so that running requests can end.

import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { createServer as createTlsServer, Server as TlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import type { Http } from './http/http.ts'
import { answerMalformed, answerUnparsed } from './http/malformed.ts'

export interface ListenOptions {
  readonly host: string
  /** Listens there too, on the same port, where that is possible; null: nowhere else. */
  readonly alsoHost?: string | null
  /** 0: a free one. */
  readonly port: number
  readonly tls: TlsPair | null
  /** What the port is set by; POSTERN_PORT unless told. */
  readonly variable?: string
}

interface TlsPair {
  readonly cert: string
  readonly key: string
  /** PEM: whose certificates callers may prove themselves by (edges do); nobody has to. */
  readonly clientCa?: string
}

export interface Listening {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string
  /** Shows another certificate to whoever connects from now on. */
  readonly renew: (tls: TlsPair) => void
  /** Stops accepting at once; resolves when running requests have ended, or were cut after `graceMs`. */
  readonly close: (graceMs: number) => Promise<void>
}

const maxHeaderSize = 16 * 1024
const idleLookMs = 20
/**
 * How long a connection may lie idle, in milliseconds: longer than clients keep theirs. Node's own 5 s end while a client on
 * a busy machine sends its next request on it, which then fails unanswered.
 */
const keepAliveTimeout = 65_000

/** Rejects with a sentence that names the port when it cannot be opened. */
export const listen = async (fetch: Http['fetch'], options: ListenOptions): Promise<Listening> => {
  const first = await listenOn(fetch, options)
  if (!options.alsoHost) return first
  const { port } = new URL(first.url)
  // A machine without that address, or one where another program has the port there, is served at the first alone.
  const second = await listenOn(fetch, { ...options, host: options.alsoHost, port: Number(port) }).catch(() => null)
  if (second === null) return first
  return {
    url: first.url,
    renew: (tls) => {
      first.renew(tls)
      second.renew(tls)
    },
    close: async (graceMs) => {
      await Promise.all([first.close(graceMs), second.close(graceMs)])
    },
  }
}

const listenOn = async (
  fetch: Http['fetch'],
  { host, port, tls, variable = 'POSTERN_PORT' }: ListenOptions,
): Promise<Listening> => {
  const answer = (request: Request, { incoming }: { incoming: HttpBindings['incoming'] }): Promise<Response> =>
    fetch(request, {
      remoteAddress: incoming.socket.remoteAddress ?? '',
      rawTarget: incoming.url ?? '/',
      scheme: tls === null ? 'http' : 'https',
      peerKeyHash: () => peerKeyHash(incoming.socket),
      cut: () => incoming.socket.destroy(),
    })
  const serve = getRequestListener((request, env) => answer(request, env as HttpBindings), {
    overrideGlobalObjects: false,
    errorHandler: answerMalformed,
  })
  // A missing Host is answered like one that is none, and not by Node.
  const serverOptions = { maxHeaderSize, keepAliveTimeout, requireHostHeader: false }
  const server =
    tls === null
      ? createServer(serverOptions, serve)
      : createTlsServer({ ...serverOptions, ...secureOptions(tls) }, serve)
  server.on('clientError', (error, socket) => void answerUnparsed(error, socket, maxHeaderSize))

  let closing = false
  server.prependListener('request', (_, response) => {
    // Else a client that is never at rest would keep its connection until it is cut, and not know why.
    if (closing) response.setHeader('connection', 'close')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(whyNot(error, { host, port, variable }), { cause: error })),
    )
    server.listen({ host, port, exclusive: true }, resolve)
  })
  const { port: opened } = server.address() as AddressInfo
  return {
    url: `${tls === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${opened}`,
    renew: (renewed) => {
      if (server instanceof TlsServer) server.setSecureContext(secureOptions(renewed))
    },
    close: (graceMs) =>
      new Promise((resolve) => {
        closing = true
        const cut = setTimeout(() => server.closeAllConnections(), graceMs)
        // Connections become idle as their last request ends, and would then be kept alive.
        const idle = setInterval(() => server.closeIdleConnections(), idleLookMs)
        server.close(() => {
          clearTimeout(cut)
          clearInterval(idle)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

/** A caller without a certificate is let in like before, and so is one with another's: only who it is stays unproved. */
const secureOptions = ({ cert, key, clientCa }: TlsPair) => ({
  cert,
  key,
  ...(clientCa !== undefined && { ca: clientCa, requestCert: true, rejectUnauthorized: false }),
})

/** Of a certificate that `clientCa` signed; see http/authenticate.ts. */
const peerKeyHash = (socket: Socket): string | null => {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return null
  const spki = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' })
  return spki === undefined ? null : createHash('sha256').update(spki).digest('hex')
}

const whyNot = (
  { code, message }: NodeJS.ErrnoException,
  { host, port, variable }: { readonly host: string; readonly port: number; readonly variable: string },
): string => {
  if (code === 'EADDRINUSE') return `${variable}: port ${port} of ${host} is taken by another program; choose another`
  if (code === 'EACCES') return `${variable}: port ${port} of ${host} may not be bound by this user`
  if (code === 'EADDRNOTAVAIL') return `POSTERN_HOST: ${host} is no address of this machine`
  return message
}
