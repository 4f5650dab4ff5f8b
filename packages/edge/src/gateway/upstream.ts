// Dials the member that a listener stands for: plain TCP, or verified TLS where the deployment has it. Beside
// listener.ts the only file that opens sockets. A failure is the member's side, and says what to look at.

import net, { type OnReadOpts, type Socket } from 'node:net'
import tls from 'node:tls'
import type { GatewayMemberTls } from '@postern/contract/snapshot'

interface DialTarget {
  /** `host:port`; an IPv6 host in brackets. */
  readonly hostPort: string
  /** null: plain TCP. */
  readonly tls: GatewayMemberTls | null
  readonly timeoutMs: number
  /** Where the socket's bytes go from the first one on; see join/join.ts. */
  readonly onread: OnReadOpts
}

/** Resolves with an open socket (its TLS verified), rejects with a DialError. */
export type Dial = (target: DialTarget) => Promise<Socket>

export class DialError extends Error {
  override readonly name = 'DialError'
  /** `TIMEOUT`, `ADDRESS`, or Node's own code: `ECONNREFUSED`, `ENOTFOUND`, `DEPTH_ZERO_SELF_SIGNED_CERT` … */
  readonly code: string

  constructor(code: string, sentence: string) {
    super(sentence)
    this.code = code
  }
}

/** What members that ask for it are shown: a certificate and its key, in PEM. */
export interface ShownCertificate {
  readonly cert: string
  readonly key: string
}

/** Sockets whose members were shown one. */
const showing = new WeakSet<Socket>()

/** Whether the member was shown a certificate, and takes whoever talks through this socket for its holder. */
export const showsCertificate = (member: Socket): boolean => showing.has(member)

/** `shown` is asked at each dial over TLS: files are renewed while the gateway runs. */
export const memberDialler =
  (shown: () => ShownCertificate | null | Promise<ShownCertificate | null>): Dial =>
  (target) =>
    target.tls === null ? dialMember(target, null) : dialShowing(shown, target)

const dialShowing = async (shown: Parameters<typeof memberDialler>[0], target: DialTarget): Promise<Socket> =>
  dialMember(target, await shown())

const dialMember = (target: DialTarget, shown: ShownCertificate | null): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const address = parseHostPort(target.hostPort)
    if (address === null) {
      reject(new DialError('ADDRESS', `the member's address ${target.hostPort} is not host:port`))
      return
    }
    const socket =
      target.tls === null
        ? connectTcp(address, target)
        : connectTls(address, { wanted: target.tls, shown, onread: target.onread })
    socket.on('error', ignored)
    const timer = setTimeout(() => {
      fail(new DialError('TIMEOUT', `${target.hostPort} did not answer within ${target.timeoutMs} ms`))
    }, target.timeoutMs)
    const settle = (): void => {
      clearTimeout(timer)
      socket.removeListener('error', onError)
      socket.removeListener('close', onClose)
    }
    const fail = (error: DialError): void => {
      settle()
      socket.destroy()
      reject(error)
    }
    const onError = (error: NodeJS.ErrnoException): void =>
      fail(new DialError(error.code ?? 'ERROR', `dialling ${target.hostPort} failed: ${error.message}`))
    const onClose = (): void => fail(new DialError('CLOSED', `${target.hostPort} closed during the dial`))
    socket.once('error', onError)
    socket.once('close', onClose)
    socket.once(target.tls === null ? 'connect' : 'secureConnect', () => {
      settle()
      resolve(socket)
    })
  })

/** One may still follow when nobody waits for it any more. Of no dial: what a socket holds lives as long as it does. */
const ignored = (): void => {}

const gone: ReadonlySet<string> = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'EHOSTDOWN'])

/** Asked by many at once of the same member, it is dialled once. */
export function createRefusalProbe(dial: Dial, timeoutMs: number): (hostPort: string) => Promise<boolean> {
  const asking = new Map<string, Promise<boolean>>()
  const ask = async (hostPort: string): Promise<boolean> => {
    try {
      const onread = { buffer: Buffer.alloc(1), callback: () => false }
      const socket = await dial({ hostPort, tls: null, timeoutMs, onread })
      socket.destroy()
      return false
    } catch (error) {
      return error instanceof DialError && gone.has(error.code)
    } finally {
      asking.delete(hostPort)
    }
  }
  return (hostPort) => {
    const asked = asking.get(hostPort) ?? ask(hostPort)
    asking.set(hostPort, asked)
    return asked
  }
}

interface Address {
  readonly host: string
  readonly port: number
}

const keepAliveMs = 120_000

/** What Node.js puts into its copy of a socket's options by itself. Where they are there already, a socket is made in 0.3 µs, not in 5. */
const asNodeSaysItself = { emitClose: false, autoDestroy: true, decodeStrings: false }

function connectTcp({ host, port }: Address, { onread }: DialTarget): Socket {
  const options = {
    host,
    port,
    onread,
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveMs,
    ...asNodeSaysItself,
  }
  return net.connect(options)
}

interface TlsSides {
  readonly wanted: GatewayMemberTls
  readonly shown: ShownCertificate | null
  readonly onread: OnReadOpts
}

function connectTls({ host, port }: Address, { wanted, shown, onread }: TlsSides): Socket {
  const ofNet = { host, port, onread, allowHalfOpen: true } // handed on to net.Socket; tls's own types leave them out
  const socket = tls.connect({
    ...ofNet,
    ...(wanted.ca === null ? {} : { ca: wanted.ca }),
    ...(shown === null ? {} : { cert: shown.cert, key: shown.key }),
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
    ...(wanted.allowInvalidHostnames ? { checkServerIdentity: () => undefined } : {}),
  })
  if (shown !== null) showing.add(socket)
  return socket.setNoDelay(true).setKeepAlive(true, keepAliveMs)
}

/** `host:port` or `[v6]:port`; null where it is neither. */
export function parseHostPort(text: string): Address | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  return host === undefined || port < 1 || port > 65_535 ? null : { host, port }
}
