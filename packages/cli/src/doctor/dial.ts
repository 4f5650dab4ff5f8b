// One connection to one host and port, phase by phase as a driver's: TCP, TLS, `hello`. It is our own so that each phase
// is seen by itself and the local port is known, by which the gateway's log line of this very connection is found.

import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls, createSecureContext, type TLSSocket } from 'node:tls'

export interface Hello {
  readonly setName: string | null
  readonly primary: boolean
  readonly router: boolean
  readonly hosts: readonly string[]
  /** It answers as a load balancer does. */
  readonly hasServiceId: boolean
  /** Why it takes no client in, or without, load balanced mode; null where it does. */
  readonly mismatch: string | null
}

export interface Door {
  readonly hostPort: string
  readonly tcp: 'OPEN' | 'REFUSED' | 'TIMED_OUT' | 'UNROUTABLE' | 'UNRESOLVED'
  /** Null where TLS was not come to, or is not spoken. */
  readonly tls: { readonly code: string | null; readonly validTo: number | null } | null
  /** Null where no answer came. */
  readonly hello: Hello | null
  /** This side of the connection, `host:port`, as the gateway logs it. */
  readonly source: string | null
}

export interface DialOptions {
  readonly tls: boolean
  /** PEM, beside the system's roots where undefined. */
  readonly ca: string | undefined
  /** PEM of a certificate and its key, shown to a server that asks for one. */
  readonly certificateKey?: string | undefined
  readonly allowInvalidCertificates: boolean
  readonly allowInvalidHostnames: boolean
  /** Whether `hello` asks for load balanced mode; null: none is said. */
  readonly loadBalanced: boolean | null
  readonly timeoutMs: number
}

const shut: Omit<Door, 'hostPort' | 'tcp'> = { tls: null, hello: null, source: null }

/** Never rejects. */
export async function dial(hostPort: string, options: DialOptions): Promise<Door> {
  const [host, port] = splitHostPort(hostPort)
  const tcp = await open(host, port, options.timeoutMs)
  if (typeof tcp === 'string') return { hostPort, tcp, ...shut }
  const source = hostAndPort(tcp.localAddress ?? '', tcp.localPort ?? 0)
  try {
    const secured = options.tls ? await secure(tcp, host, options) : null
    if (secured !== null && 'code' in secured) {
      return { hostPort, tcp: 'OPEN', tls: { code: secured.code, validTo: null }, hello: null, source }
    }
    const tls = secured === null ? null : { code: null, validTo: Date.parse(secured.getPeerCertificate().valid_to) }
    return { hostPort, tcp: 'OPEN', tls, hello: await hello(secured ?? tcp, options), source }
  } finally {
    tcp.destroy()
  }
}

export function splitHostPort(hostPort: string): readonly [host: string, port: number] {
  const at = hostPort.lastIndexOf(':')
  return [hostPort.slice(0, at).replace(/^\[|\]$/g, ''), Number(hostPort.slice(at + 1))]
}

const hostAndPort = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`

const outcomes: Readonly<Record<string, Door['tcp']>> = {
  ECONNREFUSED: 'REFUSED',
  ETIMEDOUT: 'TIMED_OUT',
  ENOTFOUND: 'UNRESOLVED',
  EAI_AGAIN: 'UNRESOLVED',
}

function open(host: string, port: number, timeoutMs: number): Promise<Socket | Door['tcp']> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs })
    const failed = (outcome: Door['tcp']): void => {
      socket.destroy()
      resolve(outcome)
    }
    socket.once('timeout', () => failed('TIMED_OUT'))
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const first = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException) : error
      failed(outcomes[error.code ?? first.code ?? ''] ?? 'UNROUTABLE')
    })
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.removeAllListeners('error').on('error', () => {}) // what it means shows in the phase that waits
      resolve(socket)
    })
  })
}

function secure(socket: Socket, host: string, options: DialOptions): Promise<TLSSocket | { readonly code: string }> {
  return new Promise((resolve) => {
    const secured = connectTls({
      socket,
      host,
      servername: isIP(host) === 0 ? host : '',
      ...(options.ca === undefined ? {} : { ca: options.ca }),
      ...certificateOf(options.certificateKey),
      rejectUnauthorized: !options.allowInvalidCertificates,
      ...(options.allowInvalidHostnames ? { checkServerIdentity: () => undefined } : {}),
    })
    const failed = (code: string): void => {
      secured.destroy()
      resolve({ code })
    }
    secured.setTimeout(options.timeoutMs, () => failed('TIMEOUT'))
    secured.on('error', (error: NodeJS.ErrnoException) => failed(error.code ?? 'ERROR'))
    secured.once('close', () => failed('CLOSED'))
    secured.once('secureConnect', () => {
      secured.setTimeout(0)
      resolve(secured)
    })
  })
}

/** One that cannot be used, of another form or behind a passphrase, is not shown. */
function certificateOf(pem: string | undefined): { readonly key?: string; readonly cert?: string } {
  if (pem === undefined) return {}
  try {
    createSecureContext({ key: pem, cert: pem })
    return { key: pem, cert: pem }
  } catch {
    return {}
  }
}

const opMsg = 2013
const headerBytes = 16
const mostBytes = 1024 * 1024
const loadBalancerSupportMismatch = 354

async function hello(
  socket: Socket,
  { timeoutMs, loadBalanced }: Pick<DialOptions, 'timeoutMs' | 'loadBalanced'>,
): Promise<Hello | null> {
  if (loadBalanced === null) return null
  const { BSON } = await import('mongodb')
  const body = BSON.serialize({ hello: 1, ...(loadBalanced && { loadBalanced }), $db: 'admin' })
  const frame = Buffer.alloc(headerBytes + 5 + body.length)
  frame.writeInt32LE(frame.length, 0)
  frame.writeInt32LE(1, 4)
  frame.writeInt32LE(opMsg, 12)
  frame.set(body, headerBytes + 5)
  const reply = await answer(socket, frame, timeoutMs)
  if (reply === null || reply.readInt32LE(12) !== opMsg) return null
  try {
    return helloOf(BSON.deserialize(reply.subarray(headerBytes + 5)))
  } catch {
    return null
  }
}

function answer(socket: Socket, frame: Buffer, timeoutMs: number): Promise<Buffer | null> {
  return new Promise((resolve) => {
    let got = Buffer.alloc(0)
    socket.setTimeout(timeoutMs, () => resolve(null))
    socket.once('close', () => resolve(null))
    socket.once('error', () => resolve(null))
    socket.on('data', (chunk: Buffer) => {
      got = Buffer.concat([got, chunk])
      if (got.length < headerBytes) return
      const length = got.readInt32LE(0)
      if (length > mostBytes || length < headerBytes + 5) resolve(null)
      else if (got.length >= length) resolve(got.subarray(0, length))
    })
    if (socket.destroyed || !socket.writable) resolve(null)
    else socket.write(frame)
  })
}

const helloOf = (said: Readonly<Record<string, unknown>>): Hello => ({
  setName: typeof said.setName === 'string' ? said.setName : null,
  primary: said.isWritablePrimary === true,
  router: said.msg === 'isdbgrid',
  hosts: Array.isArray(said.hosts) ? said.hosts.map((host) => String(host).toLowerCase()) : [],
  hasServiceId: said.serviceId !== undefined,
  mismatch: said.code === loadBalancerSupportMismatch ? String(said.errmsg) : null,
})
