// The edge's one reader of the environment; flags of the command line are turned into these variables before it runs.
// Everything that is wrong is said at once, each sentence naming its variable.
//
//   POSTERN_URL              the control plane, such as http://127.0.0.1:8080
//   POSTERN_EDGE             this edge's name; default: the machine's host name
//   POSTERN_EDGE_ENROLMENT   a one-time token (postern edges enrol): this edge gets an identity of its own by it, which is
//                            kept in POSTERN_EDGE_DIR; not needed after the first start
//   POSTERN_EDGE_TOKEN       for an edge that does not enrol: the token that such edges share with the control plane
//   POSTERN_EDGE_PROGRAMS    gateway,dns,forwarder (default) or some of them
//   POSTERN_EDGE_DIR         where last good snapshots are kept; default: `edge` in POSTERN_HOME or the XDG data folder
//   POSTERN_FORWARDER_KEY    32 bytes in hex or base64, shared by forwarder and gateway
//   POSTERN_GATEWAY_HOST     where the gateway listens and the forwarder finds it; default 127.0.0.1
//   POSTERN_TRUSTED_PROXIES  CIDRs, comma-separated, from which PROXY headers are believed; default none
//   POSTERN_GATEWAY_LISTENERS   a JSON file: addresses that belong to one endpoint each, fixed TLVs, and the proxies of one
//                            endpoint service (listeners-file.ts), read again when it changes; default: none
//   POSTERN_GATEWAY_CERT, POSTERN_GATEWAY_KEY   PEM files of one certificate for all endpoints; default: the edge makes a
//                            key of its own, and gets a certificate for each endpoint from the control plane
//   POSTERN_MEMBER_CERT, POSTERN_MEMBER_KEY   PEM files of the certificate that the gateway shows to members that ask for
//                            one; default: none. They never come from the control plane.
//   POSTERN_GATEWAY_WORKERS  how many processes move the gateway's bytes (docs/decisions/0026-workers.md): 1 (default): this one;
//                            from 2 to 64: so many besides this one; auto: as many as there are cores
//   POSTERN_GATEWAY_RELAY    auto (default): plain connections are carried by a native thread where it was built, its self-test holds
//                            and there are 1000 descriptors (docs/decisions/0020-native-relay.md); yes: wherever it can, and a log
//                            line where it cannot; no: never
//   POSTERN_DNS_HOST, POSTERN_DNS_PORT   default 127.0.0.1 and 0 (a free port)
//   POSTERN_METRICS_PORT     where `/metrics` is answered, for Prometheus; 0: a free port; default: nowhere
//   POSTERN_METRICS_HOST     default 127.0.0.1
//   POSTERN_GATEWAY_CONNECTIONS, POSTERN_ENDPOINT_CONNECTIONS, POSTERN_ENDPOINT_CONNECTIONS_PER_SECOND   what the gateway
//                            lets in: open connections in all (20000) and of each endpoint (5000); new ones of each
//                            endpoint a second (1000; 0: any number), after a burst of as many as it may have open
//   POSTERN_LOG_LEVEL        fatal, error, warn, info (default), debug, trace or silent
//   POSTERN_ALLOW_PLAIN_REMOTE=yes   PROXY headers, DNS and, on a laptop, MongoDB itself go in clear. So listening
//                            beyond loopback, and a control plane beyond it without https, must be allowed by this.

import { isIP } from 'node:net'
import { availableParallelism, homedir, hostname } from 'node:os'
import { join, resolve } from 'node:path'
import {
  type Environment,
  fail,
  type LogLevel,
  logLevels,
  parseToken,
  readEnvironment,
  required,
  type Variables,
} from '@postern/contract/environment'
import { type Feed, feeds } from '@postern/contract/snapshot'
import { type RelayWish, relayWishes } from './gateway/join/open-relay.ts'
import { isLoopback } from './loopback.ts'

export interface EdgeConfig {
  readonly url: string
  readonly edge: string
  /** Null: none was given. */
  readonly enrolment: string | null
  /** Likewise: shared by edges that do not enrol. */
  readonly token: string | null
  readonly programs: ReadonlySet<Feed>
  readonly directory: string
  readonly forwarderKey: Buffer | null
  readonly gatewayHost: string
  readonly trustedProxies: readonly string[]
  /** A file, see listeners-file.ts; null: none. */
  readonly listenersFile: string | null
  /** Files given by hand; null: certificates are issued by the control plane. */
  readonly certificate: { readonly certFile: string; readonly keyFile: string } | null
  /** What the gateway shows to members that ask for a certificate; null: nothing. */
  readonly memberCertificate: { readonly certFile: string; readonly keyFile: string } | null
  /** Whether a native thread is to carry plain connections. */
  readonly relay: RelayWish
  /** Processes that move the gateway's bytes; 1: this one. */
  readonly workers: number
  readonly dns: { readonly host: string; readonly port: number }
  /** Null: metrics are not told. */
  readonly metrics: { readonly host: string; readonly port: number } | null
  readonly limits: {
    readonly connections: number
    readonly connectionsPerEndpoint: number
    readonly newPerSecond: number
  }
  readonly logLevel: LogLevel
  readonly allowRemote: boolean
}

/** Throws EnvironmentError. An empty variable counts as absent. */
export const readEdgeConfig = (env: Environment): EdgeConfig =>
  readEnvironment(env, (variables) => configOf(env, variables))

function configOf(env: Environment, { read, problem }: Variables): EdgeConfig {
  const allowRemote = read('POSTERN_ALLOW_PLAIN_REMOTE', parseYes, () => false)
  const listenHost = (text: string): string => parseListenHost(text, allowRemote)
  const config: EdgeConfig = {
    url: read('POSTERN_URL', (text) => parseUrl(text, allowRemote), required('the control plane’s URL')),
    edge: read('POSTERN_EDGE', parseName, () => parseName(hostname())),
    enrolment: read('POSTERN_EDGE_ENROLMENT', parseToken, () => null),
    token: read('POSTERN_EDGE_TOKEN', parseToken, () => null),
    programs: read('POSTERN_EDGE_PROGRAMS', parsePrograms, () => new Set(feeds)),
    directory: read(
      'POSTERN_EDGE_DIR',
      (text) => resolve(text),
      () => defaultDirectory(env),
    ),
    forwarderKey: read('POSTERN_FORWARDER_KEY', parseKey, () => null),
    gatewayHost: read(
      'POSTERN_GATEWAY_HOST',
      (text) => text,
      () => '127.0.0.1',
    ),
    trustedProxies: read('POSTERN_TRUSTED_PROXIES', parseCidrs, () => []),
    listenersFile: read('POSTERN_GATEWAY_LISTENERS', resolve, () => null),
    certificate: null,
    memberCertificate: null,
    relay: read('POSTERN_GATEWAY_RELAY', parseRelay, () => 'auto' as const),
    workers: read('POSTERN_GATEWAY_WORKERS', parseWorkers, () => 1),
    dns: {
      host: read('POSTERN_DNS_HOST', listenHost, () => '127.0.0.1'),
      port: read('POSTERN_DNS_PORT', parsePort, () => 0),
    },
    metrics: null,
    limits: {
      connections: read('POSTERN_GATEWAY_CONNECTIONS', parseCount(1), () => 20_000),
      connectionsPerEndpoint: read('POSTERN_ENDPOINT_CONNECTIONS', parseCount(1), () => 5_000),
      newPerSecond: read('POSTERN_ENDPOINT_CONNECTIONS_PER_SECOND', parseCount(0), () => 1_000),
    },
    logLevel: read('POSTERN_LOG_LEVEL', parseLevel, () => 'info' as const),
    allowRemote,
  }
  const path = (name: string): string | null => read(name, resolve, () => null)
  const pemPair = (variable: string): EdgeConfig['certificate'] => {
    const [certFile, keyFile] = [path(`${variable}_CERT`), path(`${variable}_KEY`)]
    if ((certFile === null) !== (keyFile === null)) {
      problem(`${variable}_CERT and ${variable}_KEY go together: set both, or neither`)
    }
    return certFile === null || keyFile === null ? null : { certFile, keyFile }
  }
  const metricsHost = read('POSTERN_METRICS_HOST', listenHost, () => '127.0.0.1')
  const metricsPort = read('POSTERN_METRICS_PORT', parsePort, () => null)
  const metrics = metricsPort === null ? null : { host: metricsHost, port: metricsPort }
  const [certificate, memberCertificate] = [pemPair('POSTERN_GATEWAY'), pemPair('POSTERN_MEMBER')]
  if (config.programs?.has('gateway')) {
    read('POSTERN_GATEWAY_HOST', listenHost, () => '')
    const unbelieving =
      config.forwarderKey === null && config.trustedProxies?.length === 0 && config.listenersFile === null
    if (unbelieving && !env.POSTERN_FORWARDER_KEY) {
      problem(
        'POSTERN_FORWARDER_KEY is missing: without it, POSTERN_TRUSTED_PROXIES and POSTERN_GATEWAY_LISTENERS, the gateway would refuse everybody but at standard listeners; for those alone let POSTERN_GATEWAY_LISTENERS name a file that says {}',
      )
    }
  }
  return { ...config, metrics, certificate, memberCertificate }
}

const mostWorkers = 64

function parseWorkers(text: string): number {
  if (text === 'auto') return Math.min(mostWorkers, availableParallelism())
  const count = /^\d{1,2}$/.test(text) ? Number(text) : 0
  return count >= 1 && count <= mostWorkers ? count : fail(`must be auto or a whole number from 1 to ${mostWorkers}`)
}

function parseYes(text: string): boolean {
  if (text !== 'yes' && text !== 'no') fail('must be yes or no')
  return text === 'yes'
}

function parseUrl(text: string, allowRemote: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : fail('must be a URL such as http://127.0.0.1:8080')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') fail('must begin with http:// or https://')
  if (url.username !== '' || url.password !== '') fail('must not carry a user name or password')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (url.protocol === 'http:' && !isLoopback(host) && !allowRemote) {
    fail('would send the token in clear beyond this machine: use https, or set POSTERN_ALLOW_PLAIN_REMOTE=yes')
  }
  return url.href.replace(/\/+$/, '')
}

/** Also what a path segment and a file name can hold. */
const parseName = (text: string): string =>
  /^[A-Za-z0-9]([A-Za-z0-9._-]{0,62})$/.test(text)
    ? text
    : fail('must be 1 to 63 letters, digits, dots, hyphens or underscores, and begin with a letter or digit')

function parsePrograms(text: string): ReadonlySet<Feed> {
  const words = text.split(',').map((word) => word.trim())
  return new Set(
    words.map((word) => feeds.find((feed) => feed === word) ?? fail(`must be some of ${feeds.join(',')}, not ${word}`)),
  )
}

function parseKey(text: string): Buffer {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text, 'hex')
  const bytes = Buffer.from(text, 'base64')
  const isBase64 = /^[A-Za-z0-9+/_-]{43}=?$/.test(text)
  return isBase64 && bytes.length === 32 ? bytes : fail('must be 32 bytes, as 64 hex digits or in base64')
}

function parseListenHost(text: string, allowRemote: boolean): string {
  if (isIP(text) === 0) fail('must be an IP address to listen on')
  if (!isLoopback(text) && !allowRemote) {
    fail(`is ${text}, which is no loopback address: set POSTERN_ALLOW_PLAIN_REMOTE=yes if that is meant`)
  }
  return text
}

const parseCidrs = (text: string): readonly string[] =>
  text.split(',').map((part) => {
    const [, address = '', bits = ''] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(part.trim()) ?? []
    const family = isIP(address)
    const sound = family !== 0 && Number(bits) <= (family === 4 ? 32 : 128)
    return sound ? part.trim() : fail(`must be CIDRs such as 10.0.0.0/8, not ${part.trim()}`)
  })

const parsePort = (text: string): number =>
  /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : fail('must be a port from 0 to 65535')

const parseCount =
  (least: number) =>
  (text: string): number =>
    /^\d{1,7}$/.test(text) && Number(text) >= least
      ? Number(text)
      : fail(`must be a whole number from ${least} to 9999999`)

const parseRelay = (text: string): RelayWish =>
  relayWishes.find((wish) => wish === text) ?? fail(`must be one of ${relayWishes.join(', ')}`)

const parseLevel = (text: string): LogLevel =>
  logLevels.find((level) => level === text) ?? fail(`must be one of ${logLevels.join(', ')}`)

function defaultDirectory(env: Environment): string {
  const data = env.XDG_DATA_HOME || join(homedir(), '.local', 'share')
  return join(env.POSTERN_HOME ? resolve(env.POSTERN_HOME) : join(data, 'postern'), 'edge')
}
