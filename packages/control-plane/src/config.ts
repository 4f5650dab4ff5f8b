// The control plane's one reader of the environment; flags of the command line are turned into these variables before it
// runs. Everything that is wrong is said at once, each sentence beginning with its variable.
//
//   POSTERN_HOME             default: `postern` in the XDG data folder
//   POSTERN_DATABASE_URL     a PostgreSQL server; unset: PGlite embedded under home
//   POSTERN_HOST, POSTERN_PORT   default 127.0.0.1 and 8080; 0 takes a free port
//   POSTERN_HTTPS_PORT       a second port, on loopback, with a certificate of our own (ca.pem); unset: none
//   POSTERN_TLS_CERT, POSTERN_TLS_KEY   PEM files
//   POSTERN_ALLOW_PLAIN_REMOTE=yes      allows another address than loopback without TLS
//   POSTERN_PUBLIC_URL       what links begin with and callers' `Host` is compared with; default: where it listens
//   POSTERN_HOSTS            further host names, comma-separated, that callers may address this server by
//   POSTERN_CONSOLE          the console's build; default: the one that this package brings, where it does
//   POSTERN_EDGE_TOKEN       what edges show that did not enrol; unset: every edge has to (postern edges enrol)
//   POSTERN_SEAL_KEY         32 bytes in base64 or hex; unset: `seal.key` under home
//   POSTERN_DOMAIN           base of endpoint host names; default postern.internal
//   POSTERN_GATEWAY_PORTS    from-to, the gateway's listening ports; default 15000-19999
//   POSTERN_SANDBOX_URL, POSTERN_SANDBOX_TOKEN   the sandbox's admin door; unset: no sandbox clusters
//   POSTERN_UNKNOWN_ENDPOINTS   reject (default) or accept
//   POSTERN_FIDELITY         postern (default) or atlas: whose behaviour where the two differ; a project may choose its own
//   POSTERN_FIDELITY_DELAY_MS   how long a passing state is shown at least under Atlas's behaviour; default 300
//   POSTERN_LOCAL_PROVISION_MS  how long the local cloud takes for a step; default 300
//   POSTERN_LOCAL_ADDRESSES     own (default on Linux) or block
//   POSTERN_LOCAL_PORTS         from-to, what blocks are taken from; default 20000-32767
//   POSTERN_STANDARD_HOST    at which address or name clients reach the gateways' own ports, for clusters' standard
//                            listeners; default 127.0.0.1
//   POSTERN_BIND, POSTERN_ADVERTISE   where local endpoints listen, and what is advertised instead
//   POSTERN_LAST_ENDPOINT_TAKES_SERVICE   yes (default) or no
//   POSTERN_UNDO_MINUTES        how long a termination can be undone; default 1440, 0: never
//   POSTERN_LOG_LEVEL        fatal, error, warn, info (default), debug, trace or silent
//   POSTERN_TESTING=yes      opens the door for test suites (drills/): faults, time, reset; embedded store only
//   POSTERN_EXPECT_SEED=yes  first identities come by one message of the parent process before anything is served

import { BlockList, isIP } from 'node:net'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import {
  type Environment,
  fail,
  type LogLevel,
  logLevels,
  parseToken,
  readEnvironment,
  type Variables,
} from '@postern/contract/environment'
import { fidelities } from '@postern/contract/fidelity'
import { defaultDomain } from '@postern/contract/host-name'
import type { Settings } from './parts.ts'
import { parseSealKey } from './seal.ts'

export interface ServerConfig {
  readonly home: string
  readonly databaseUrl: string | null
  readonly host: string
  /** The other loopback, where it exists and the port is free there too; null: only `host`. */
  readonly alsoHost: string | null
  readonly port: number
  /** A second port, with a certificate of our own; null: none. */
  readonly httpsPort: number | null
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null
  /** Without a trailing slash; null: where it listens. */
  readonly publicUrl: string | null
  /** Lower-case, without ports. */
  readonly hosts: readonly string[]
  /** Folder; null: what the package brings. */
  readonly console: string | null
  /** Null: only edges that enrolled are let in. */
  readonly edgeToken: string | null
  readonly sealKey: Uint8Array | null
  readonly logLevel: LogLevel
  readonly expectSeed: boolean
  /** Faults may be set, time moved, and everything put back: never where anybody's data is. */
  readonly testing: boolean
  readonly settings: Settings
}

/** Throws EnvironmentError. An empty variable counts as absent. */
export const readServerConfig = (env: Environment): ServerConfig =>
  readEnvironment(env, (variables) => configOf(env, variables))

const configOf = (env: Environment, { read: readOr, problem }: Variables): ServerConfig => {
  const read = <Value, Absent>(name: string, parse: (text: string) => Value, absent: Absent): Value | Absent =>
    readOr(name, parse, () => absent)
  const both = <One, Other>(
    [oneName, one]: readonly [string, One | null],
    [otherName, other]: readonly [string, Other | null],
  ) => {
    if (one === null && other !== null) problem(`${oneName} is missing: ${otherName} is set`)
    if (one !== null && other === null) problem(`${otherName} is missing: ${oneName} is set`)
    return one === null || other === null ? null : ([one, other] as const)
  }

  const host = read('POSTERN_HOST', parseAddress, '127.0.0.1')
  const tls = both(
    ['POSTERN_TLS_CERT', read('POSTERN_TLS_CERT', resolvePath, null)],
    ['POSTERN_TLS_KEY', read('POSTERN_TLS_KEY', resolvePath, null)],
  )
  // Many programs try ::1 first where somebody says localhost.
  const alsoHost = ['', 'localhost'].includes(env.POSTERN_HOST?.trim() ?? '') ? '::1' : null
  const allowPlain = read('POSTERN_ALLOW_PLAIN_REMOTE', parseYes, false)
  const publicUrl = read('POSTERN_PUBLIC_URL', parseUrl, null)
  if (host !== undefined && !isLoopback(host)) {
    if (tls === null && !allowPlain)
      problem(
        'POSTERN_HOST is no loopback address: set POSTERN_TLS_CERT and POSTERN_TLS_KEY, or allow plain HTTP with POSTERN_ALLOW_PLAIN_REMOTE=yes',
      )
    if (isWildcard(host) && publicUrl === null)
      problem(`POSTERN_PUBLIC_URL is missing: with POSTERN_HOST ${host} it must say how callers reach this server`)
  }
  const httpsPort = read('POSTERN_HTTPS_PORT', parsePort, null)
  if (httpsPort !== null && host !== undefined && !isLoopback(host))
    problem('POSTERN_HTTPS_PORT is for loopback: elsewhere set POSTERN_TLS_CERT and POSTERN_TLS_KEY')
  const sandbox = both(
    ['POSTERN_SANDBOX_URL', read('POSTERN_SANDBOX_URL', parseUrl, null)],
    ['POSTERN_SANDBOX_TOKEN', read('POSTERN_SANDBOX_TOKEN', parseToken, null)],
  )
  const databaseUrl = read('POSTERN_DATABASE_URL', parseDatabaseUrl, null)
  const testing = read('POSTERN_TESTING', parseYes, false)
  if (testing && databaseUrl !== null)
    problem('POSTERN_TESTING is for the embedded store: leave out POSTERN_DATABASE_URL')
  return {
    home: read('POSTERN_HOME', resolvePath, defaultHome(env)),
    databaseUrl,
    host,
    alsoHost,
    port: read('POSTERN_PORT', parsePort, 8080),
    httpsPort,
    tls: tls && { certFile: tls[0], keyFile: tls[1] },
    publicUrl,
    hosts: read('POSTERN_HOSTS', parseHostNames, []),
    console: read('POSTERN_CONSOLE', resolvePath, null),
    edgeToken: read('POSTERN_EDGE_TOKEN', parseToken, null),
    sealKey: read('POSTERN_SEAL_KEY', (text) => parseSealKey(text) ?? fail('must be 32 bytes in base64 or hex'), null),
    logLevel: read('POSTERN_LOG_LEVEL', oneOf(logLevels), 'info'),
    expectSeed: read('POSTERN_EXPECT_SEED', parseYes, false),
    testing,
    settings: {
      domain: read('POSTERN_DOMAIN', parseDomain, defaultDomain),
      localProvisionMs: read('POSTERN_LOCAL_PROVISION_MS', parseMs, 300),
      gatewayPorts: read('POSTERN_GATEWAY_PORTS', parsePorts, { from: 15_000, to: 19_999 }),
      unknownEndpoints: read('POSTERN_UNKNOWN_ENDPOINTS', oneOf(['reject', 'accept'] as const), 'reject'),
      fidelity: read('POSTERN_FIDELITY', oneOf(fidelities), 'postern'),
      fidelityDelayMs: read('POSTERN_FIDELITY_DELAY_MS', parseMs, 300),
      ownAddresses:
        read(
          'POSTERN_LOCAL_ADDRESSES',
          oneOf(['own', 'block'] as const),
          process.platform === 'linux' ? 'own' : 'block',
        ) === 'own',
      localPorts: read('POSTERN_LOCAL_PORTS', parsePorts, { from: 20_000, to: 32_767 }),
      standardHost: read('POSTERN_STANDARD_HOST', parseHostName, '127.0.0.1'),
      bind: read('POSTERN_BIND', parseAddress, null),
      advertise: read('POSTERN_ADVERTISE', parseHostName, null),
      sandbox: sandbox && { url: sandbox[0], token: sandbox[1] },
      lastEndpointTakesService: read('POSTERN_LAST_ENDPOINT_TAKES_SERVICE', parseYes, true),
      undoWindowMs: read('POSTERN_UNDO_MINUTES', parseMinutes, 24 * 60 * 60_000),
    },
  }
}

const resolvePath = (text: string): string => resolve(text)

const defaultHome = (env: Environment): string =>
  join(env.XDG_DATA_HOME?.startsWith('/') ? env.XDG_DATA_HOME : join(homedir(), '.local', 'share'), 'postern')

const oneOf =
  <const Word extends string>(words: readonly Word[]) =>
  (text: string): Word =>
    words.find((word) => word === text) ?? fail(`must be one of ${words.join(', ')}, not ${text}`)

const parseYes = (text: string): boolean => oneOf(['yes', 'no'])(text) === 'yes'

const parseNumber = (text: string, from: number, to: number): number => {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  return value >= from && value <= to ? value : fail(`must be a whole number from ${from} to ${to}, not ${text}`)
}

const parsePort = (text: string): number => parseNumber(text, 0, 65_535)
const parseMs = (text: string): number => parseNumber(text, 0, 3_600_000)
/** Minutes, at most a year, as milliseconds. */
const parseMinutes = (text: string): number => parseNumber(text, 0, 525_600) * 60_000

const parsePorts = (text: string): Settings['gatewayPorts'] => {
  const [, first = '', last = ''] = /^(\d+)-(\d+)$/.exec(text) ?? fail('must be two ports, such as 15000-19999')
  const [from, to] = [parseNumber(first, 1, 65_535), parseNumber(last, 1, 65_535)]
  return from <= to ? { from, to } : fail('must begin with the lower port')
}

const parseAddress = (text: string): string => {
  if (text === 'localhost') return '127.0.0.1'
  return isIP(text) > 0 ? text : fail(`must be an IP address, not ${text}`)
}

const parseUrl = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : fail('must be a URL such as https://postern.example.com')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') fail('must begin with http:// or https://')
  if (url.username !== '' || url.password !== '') fail('must not carry a user name or password')
  return url.href.replace(/\/+$/, '')
}

// The value may hold a password: no sentence repeats it.
const parseDatabaseUrl = (text: string): string => {
  const scheme = URL.canParse(text) ? new URL(text).protocol : ''
  return scheme === 'postgres:' || scheme === 'postgresql:' ? text : fail('must be a URL that begins with postgres://')
}

const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
const domainPattern = new RegExp(`^(?=.{1,190}$)${label}(\\.${label})*$`)

const parseDomain = (text: string): string => {
  const domain = text.toLowerCase().replace(/\.$/, '')
  return domainPattern.test(domain) ? domain : fail(`must be a domain name such as ${defaultDomain}, not ${text}`)
}

const parseHostName = (text: string): string =>
  isIP(text) > 0 || domainPattern.test(text.toLowerCase())
    ? text.toLowerCase()
    : fail(`must be a host name or an IP address, not ${text}`)

const parseHostNames = (text: string): readonly string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map(parseHostName)

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

const isLoopback = (address: string): boolean => loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
const isWildcard = (address: string): boolean => address === '0.0.0.0' || address === '::'
