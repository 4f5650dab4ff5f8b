// The engine on a port: Node's own server, with the request target as it came on the wire, which digest signs and which
// a `Request` no longer has. Node answers what never becomes a request (bad framing, headers too large or too slow).

import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { getRequestListener } from '@hono/node-server'
import type { Http } from './http.ts'

export interface ListenerOptions {
  /** PEM; without it the server speaks plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string }
}

/** A server that is not listening yet: `server.listen(port, host)` is the caller's. */
export const createListener = (http: Http, { tls }: ListenerOptions = {}): Server => {
  const listener = getRequestListener(
    (request, { incoming }) =>
      http.fetch(request, {
        remoteAddress: incoming.socket.remoteAddress ?? '',
        rawTarget: (incoming as IncomingMessage).url ?? '/',
      }),
    { overrideGlobalObjects: false, hostname: 'localhost' },
  )
  const limits = { maxHeaderSize: 16 * 1024, requestTimeout: 60_000, headersTimeout: 30_000, keepAliveTimeout: 30_000 }
  return tls ? createTlsServer({ ...limits, ...tls }, listener) : createServer(limits, listener)
}
