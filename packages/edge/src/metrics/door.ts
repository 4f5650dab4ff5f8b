// `GET /metrics` on a port of its own, and nothing else. It holds no secret, but names endpoints and members: so it stays
// on loopback unless asked for by name, and there a page that was led here by a foreign host name reads nothing.

import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isLoopback } from '../loopback.ts'
import { contentType, type Metric, metricsText } from './text.ts'

export interface MetricsDoorParts {
  /** An IP address. */
  readonly host: string
  /** 0: a free one. */
  readonly port: number
  readonly metrics: () => readonly Metric[]
}

export interface MetricsDoor {
  readonly port: number
  readonly close: () => Promise<void>
}

/** Rejects with an Error that names POSTERN_METRICS_PORT when the port cannot be bound. */
export async function openMetricsDoor({ host, port, metrics }: MetricsDoorParts): Promise<MetricsDoor> {
  const server = createServer((request, response) => {
    const status = statusOf(request, host)
    const text = status === 200 ? metricsText(metrics()) : ''
    const headers = status === 405 ? { allow: 'GET, HEAD' } : {}
    response.writeHead(status, { ...headers, 'content-type': contentType, 'content-length': Buffer.byteLength(text) })
    response.end(request.method === 'HEAD' ? undefined : text)
  })
  server.headersTimeout = 5_000
  server.requestTimeout = 5_000
  server.maxConnections = 20
  await new Promise<void>((resolve, reject) => {
    server.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      reject(new Error(`POSTERN_METRICS_PORT: ${host} port ${port} cannot be bound: ${code ?? message}`)),
    )
    server.listen({ host, port }, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      return closed
    },
  }
}

function statusOf({ method, url, headers }: IncomingMessage, listensOn: string): number {
  if (isLoopback(listensOn) && !isLoopback(hostIn(headers.host ?? ''))) return 421
  if (url?.split('?', 1)[0] !== '/metrics') return 404
  return method === 'GET' || method === 'HEAD' ? 200 : 405
}

const hostIn = (header: string): string => header.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
