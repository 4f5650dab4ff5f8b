// Opens the gateway's ports and reads what stands before MongoDB's bytes: the PROXY header, then TLS. Beside
// upstream.ts the only file that opens sockets. What an arrival may do is not decided here: admit.ts.

import { constants, type X509Certificate } from 'node:crypto'
import net, { type Server, type Socket } from 'node:net'
import { createSecureContext, type SecureContext, type SecureVersion, TLSSocket } from 'node:tls'
import type { RefusalCode } from '@postern/contract/refusal'
import { decodeProxyHeader, type ProxyHeader } from '../proxy-protocol/decode.ts'

export interface Listening {
  readonly port: number
  /** No new connection from now on; open ones are not touched. */
  close(): void
}

/**
 * Resolves when the port is bound, rejects with Node's error when it cannot be. `accept` is called with each client's socket,
 * and the id of its connection where it has one already.
 */
export type Listen = (at: ListenAt, accept: (socket: Socket, id?: string) => void) => Promise<Listening>

interface ListenAt {
  readonly host: string
  readonly port: number
}

/** `unread`: sockets are accepted paused, so that all their bytes are there for whoever they are handed to. */
export function listen(
  { host, port, unread = false }: ListenAt & { readonly unread?: boolean },
  accept: (socket: Socket) => void,
): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const options = { allowHalfOpen: true, noDelay: true, keepAlive: true, pauseOnConnect: unread }
    const server: Server = net.createServer(options, (socket) => accept(socket))
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.removeListener('error', reject)
      server.on('error', () => {}) // of a single accept (EMFILE): the server goes on listening
      resolve({ port, close: () => server.close() })
    })
  })
}

export type Preface =
  | { readonly state: 'header'; readonly bytes: Buffer; readonly header: ProxyHeader }
  | { readonly state: 'refused'; readonly reason: string }
  /** Closed, by whom does not matter, before the header was whole; `bytes` had come. */
  | { readonly state: 'closed'; readonly bytes: number }

/** Reads one PROXY header off a fresh socket and leaves what follows it unread. Paused afterwards. */
export function readProxyHeader(socket: Socket, timeoutMs: number): Promise<Preface> {
  return new Promise((resolve) => {
    let held: Buffer = Buffer.alloc(0)
    const done = (preface: Preface): void => {
      clearTimeout(timer)
      socket.removeListener('data', onData)
      socket.removeListener('end', onGone)
      socket.removeListener('close', onGone)
      socket.pause()
      resolve(preface)
    }
    const onData = (chunk: Buffer): void => {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      const decoded = decodeProxyHeader(held)
      if (decoded.state === 'refused') done(decoded)
      if (decoded.state !== 'header') return
      const { length, header } = decoded
      done({ state: 'header', bytes: held.subarray(0, length), header })
      if (held.length > length) socket.unshift(held.subarray(length))
    }
    const onGone = (): void => done({ state: 'closed', bytes: held.length })
    const timer = setTimeout(
      () => done({ state: 'refused', reason: `no whole PROXY header within ${timeoutMs} ms` }),
      timeoutMs,
    )
    socket.on('data', onData)
    socket.once('end', onGone)
    socket.once('close', onGone)
  })
}

type NamedOffer = { readonly context: SecureContext } | { readonly code: RefusalCode; readonly refused: string }

/** An address is no name (RFC 6066, section 3), though Java's driver sends the one that it dials. */
const nameIn = (serverName: unknown): string | null =>
  typeof serverName === 'string' && serverName !== '' && net.isIP(serverName) === 0 ? serverName : null

interface TlsOffer {
  /** The certificate for a client that names no server, or an address; null: such a client fails the handshake. */
  readonly unnamed: SecureContext | null
  /** The certificate for this name, or the reason why there is none: the handshake then fails. */
  readonly named: (serverName: string) => NamedOffer | Promise<NamedOffer>
  readonly timeoutMs: number
  /** Where there is a certificate for clients without a name, it decides by itself, and `version` is to be looked at. */
  readonly minVersion?: SecureVersion
  /** Clients must show a certificate that the context they are offered trusts. */
  readonly asksCertificate?: boolean
}

type Secured =
  | {
      readonly state: 'secure'
      readonly socket: TLSSocket
      readonly serverName: string | null
      readonly version: string
      /** What the client showed, where it was asked for. */
      readonly clientCertificate: X509Certificate | null
    }
  | { readonly state: 'failed'; readonly code: RefusalCode; readonly reason: string }

/** What OpenSSL says where there is no certificate to offer: up to TLS 1.2, and from TLS 1.3. */
const noCertificate: ReadonlySet<string> = new Set([
  'ERR_SSL_NO_SHARED_CIPHER',
  'ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM',
])

const bareContexts = new Map<SecureVersion | undefined, SecureContext>()

/**
 * What a handshake begins with before its client has named a server: one for all, as Node.js would make 12 KiB for each. No
 * tickets: nobody comes back past the look at its name and its certificate.
 */
function bare(minVersion: SecureVersion | undefined): SecureContext {
  const known = bareContexts.get(minVersion)
  if (known !== undefined) return known
  const context = createSecureContext({ secureOptions: constants.SSL_OP_NO_TICKET, ...(minVersion && { minVersion }) })
  bareContexts.set(minVersion, context)
  return context
}

/** Speaks TLS as the server on a socket whose PROXY header was read. A failed one is destroyed already. */
export function secure(
  raw: Socket,
  { unnamed, named, timeoutMs, minVersion, asksCertificate }: TlsOffer,
): Promise<Secured> {
  return new Promise((resolve) => {
    let refusal: { readonly code: RefusalCode; readonly refused: string } | null = null
    let nameless = unnamed === null
    const socket = new TLSSocket(raw, {
      isServer: true,
      secureContext: unnamed ?? bare(minVersion),
      // who shows none is told so by OpenSSL itself, with an alert; of a bad one it only keeps the verdict
      ...(asksCertificate && { requestCert: true, rejectUnauthorized: true }),
      SNICallback(serverName, answer) {
        nameless = false
        if (unnamed !== null && net.isIP(serverName) !== 0) {
          answer(null, unnamed)
          return
        }
        const offered = (offer: NamedOffer): void => {
          if ('context' in offer) {
            answer(null, offer.context)
            return
          }
          refusal = offer
          // the alert goes out in clear before the handshake is given up, for Node itself would only close
          raw.write(alertRecord(alert.unrecognizedName), () => answer(new Error(offer.refused)))
        }
        const offer = named(serverName.toLowerCase())
        if (offer instanceof Promise) void offer.then(offered)
        else offered(offer)
      },
    })
    const done = (secured: Secured): void => {
      clearTimeout(timer)
      socket.removeListener('secure', onSecure)
      socket.removeListener('close', onClose)
      if (secured.state === 'failed') {
        socket.on('error', () => {})
        socket.destroy()
      } else {
        socket.removeListener('error', onError)
      }
      resolve(secured)
    }
    const onSecure = (): void => {
      const against = asksCertificate ? verdictOf(socket) : null
      if (against !== null) {
        const reason = `the client's certificate is not good: ${against}`
        done({ state: 'failed', code: 'CLIENT_CERTIFICATE', reason })
        return
      }
      const version = socket.getProtocol() ?? 'none'
      // asked for once: Node takes what was sent beside it away from the session as it does so
      const clientCertificate = (asksCertificate && socket.getPeerX509Certificate()) || null
      done({ state: 'secure', socket, serverName: nameIn(socket.servername), version, clientCertificate })
    }
    const onError = (error: NodeJS.ErrnoException): void => {
      if (refusal !== null) done({ state: 'failed', code: refusal.code, reason: refusal.refused })
      else if (nameless && noCertificate.has(error.code ?? '')) {
        done({ state: 'failed', code: 'NO_NAME', reason: 'the client named no server in TLS; this endpoint has names' })
      } else if (error.code === 'ERR_SSL_UNSUPPORTED_PROTOCOL') {
        const least = minVersion === undefined ? '' : `; ${minVersion} is the least here`
        done({ state: 'failed', code: 'TLS_VERSION', reason: `the client speaks too old a version of TLS${least}` })
      } else if (error.code === 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE') {
        const reason = "the client showed no certificate, and the endpoint's policy asks for one"
        done({ state: 'failed', code: 'NO_CLIENT_CERTIFICATE', reason })
      } else if (error.code === 'ERR_SSL_WRONG_VERSION_NUMBER') {
        done({ state: 'failed', code: 'TLS_FAILED', reason: 'the client speaks no TLS, and the endpoint does' })
      } else done({ state: 'failed', code: 'TLS_FAILED', reason: `the TLS handshake failed: ${error.message}` })
    }
    const onClose = (): void => done({ state: 'failed', code: 'TLS_FAILED', reason: 'closed during the TLS handshake' })
    const timer = setTimeout(
      () => done({ state: 'failed', code: 'TLS_TIMEOUT', reason: `no TLS handshake within ${timeoutMs} ms` }),
      timeoutMs,
    )
    socket.on('error', onError)
    socket.once('secure', onSecure)
    socket.once('close', onClose)
  })
}

/**
 * What OpenSSL found of the certificate that was shown; null: good. Node tells it only to sockets of its own tls.Server, which
 * cannot offer contexts that were made before; where a release of Node hides it, nobody is let in.
 */
function verdictOf(socket: TLSSocket): string | null {
  const { _handle: handle } = socket as unknown as { readonly _handle?: { verifyError?(): Error | null } }
  if (typeof handle?.verifyError !== 'function') return 'this release of Node.js does not say what it found'
  return handle.verifyError()?.message ?? null
}

/** Fatal TLS alerts (RFC 8446, 6): a client sees the reason instead of a connection that just goes away. */
export const alert = { accessDenied: 49, unrecognizedName: 112 } as const

/** How long a refused client may take to read its alert before the socket is cut. */
const lingerMs = 500

/** Ends a socket that was not let in: with an alert where its client speaks TLS, else without a byte. */
export function refuse(socket: Socket, tlsAlert: number | null): void {
  socket.on('error', () => {})
  if (tlsAlert === null || !socket.writable) {
    socket.destroy()
    return
  }
  // what the client still sends is read and dropped: unread bytes would turn the end into a reset that loses the alert
  const cut = setTimeout(() => socket.destroy(), lingerMs)
  socket.once('close', () => clearTimeout(cut))
  socket.end(alertRecord(tlsAlert)).resume()
}

const alertRecord = (description: number): Buffer => Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, description])
