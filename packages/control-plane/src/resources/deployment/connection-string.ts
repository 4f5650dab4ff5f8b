// The connection string of a deployment of the user's own, read for what is needed and nothing else: hosts, set name,
// TLS, credentials. A list says which options are taken and which are harmless; any other is refused by name, those
// above all that would make this server read its own disk or dial through somebody's proxy. Pure; SRV is resolved
// elsewhere (srv.ts).

import { AtlasError } from '@postern/contract/errors'
import { ConnectionString } from 'mongodb-connection-string-url'
import { refusedHost, splitHostPort } from '../../engines/dial-guard.ts'

export interface DeploymentString {
  /** `host:port`, lower case; with `srv`, empty until it is resolved. */
  readonly hosts: readonly string[]
  /** The name of a `mongodb+srv` string. */
  readonly srv: string | null
  /** Null: whatever set it turns out to be. */
  readonly replicaSet: string | null
  readonly tls: boolean
  readonly authSource: string
  readonly username: string | null
  readonly password: string | null
}

/** Say nothing about where a deployment is, and are the client's own business. */
const harmless: ReadonlySet<string> = new Set(
  [
    'appName connectTimeoutMS compressors directConnection heartbeatFrequencyMS journal localThresholdMS maxIdleTimeMS',
    'maxPoolSize minPoolSize maxStalenessSeconds readConcernLevel readPreference readPreferenceTags retryReads',
    'retryWrites serverSelectionTimeoutMS socketTimeoutMS timeoutMS w waitQueueTimeoutMS wTimeoutMS zlibCompressionLevel',
  ]
    .join(' ')
    .split(' ')
    .map((name) => name.toLowerCase()),
)
const taken = ['replicaset', 'tls', 'ssl', 'authsource', 'authmechanism'] as const
const mechanisms: ReadonlySet<string> = new Set(['DEFAULT', 'SCRAM-SHA-1', 'SCRAM-SHA-256'])

/** What to do instead, for options that people really have in their strings. */
const instead: Readonly<Record<string, string>> = {
  tlscafile: 'send the certificates themselves in tls.ca',
  tlscertificatekeyfile: 'send the certificate and its key themselves in tls.certificate and tls.key',
  tlscertificatekeyfilepassword: 'send the key without a passphrase in tls.key',
  tlsinsecure: 'send the certificates to trust in tls.ca, and tls.allowInvalidHostnames if the names differ',
  tlsallowinvalidcertificates: 'send the certificates to trust in tls.ca',
  tlsallowinvalidhostnames: 'set tls.allowInvalidHostnames',
  loadbalanced: 'a load-balanced deployment tells nothing of its members',
}

/** POSTERN_DEPLOYMENT_REFUSED that names the field; never holds the string, which may hold a password. */
export const refusedDeployment = (field: string, problem: string): AtlasError =>
  new AtlasError(
    'POSTERN_DEPLOYMENT_REFUSED',
    // What a driver or a deployment says may end in one.
    { problem: `${problem.replace(/\.$/, '')}.` },
    { fields: [{ field, description: problem }] },
  )

const field = 'connectionString'

/** Throws POSTERN_DEPLOYMENT_REFUSED for what is no connection string, an option off the list, an address not dialled. */
export const readDeploymentString = (text: string): DeploymentString => {
  const parsed = parse(text)
  const options = new Map([...parsed.searchParams].map(([name, value]) => [name.toLowerCase(), value]))
  for (const [name] of parsed.searchParams) {
    const key = name.toLowerCase()
    if (harmless.has(key) || (taken as readonly string[]).includes(key)) continue
    throw refusedDeployment(
      field,
      `the option ${name.slice(0, 60)} is not taken${key in instead ? `: ${instead[key]}` : ''}`,
    )
  }
  const mechanism = options.get('authmechanism')?.toUpperCase()
  if (mechanism !== undefined && !mechanisms.has(mechanism)) {
    throw refusedDeployment(field, `authMechanism ${mechanism.slice(0, 60)} is not supported, only SCRAM`)
  }
  const hosts = parsed.hosts.map(normalHost)
  const database = decodeURIComponent(parsed.pathname.replace(/^\//, ''))
  return {
    hosts: parsed.isSRV ? [] : hosts,
    srv: parsed.isSRV ? (parsed.hosts[0]?.toLowerCase() ?? '') : null,
    replicaSet: options.get('replicaset') ?? null,
    tls: readFlag(options, parsed.isSRV),
    authSource: options.get('authsource') ?? (database || 'admin'),
    username: parsed.username === '' ? null : decodeURIComponent(parsed.username),
    password: parsed.password === '' ? null : decodeURIComponent(parsed.password),
  }
}

const parse = (text: string): ConnectionString => {
  try {
    const parsed = new ConnectionString(text)
    // Both decode later; a broken escape is a broken string.
    decodeURIComponent(parsed.username + parsed.password + parsed.pathname)
    return parsed
  } catch {
    throw refusedDeployment(field, 'it is not a mongodb:// or mongodb+srv:// connection string')
  }
}

/** `host:port` in lower case. Throws POSTERN_DEPLOYMENT_REFUSED for sockets and for addresses that are not dialled. */
export const normalHost = (text: string): string => {
  if (/%2f/i.test(text) || text.includes('/')) throw refusedDeployment(field, 'a Unix socket is not dialled')
  const { host, port } = splitHostPort(text.toLowerCase())
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw refusedDeployment(field, `${text} has no valid port`)
  const problem = refusedHost(host)
  if (problem !== null) throw refusedDeployment(field, problem)
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

const readFlag = (options: ReadonlyMap<string, string>, otherwise: boolean): boolean => {
  const said = [options.get('tls'), options.get('ssl')].filter((text) => text !== undefined)
  if (said.some((text) => text !== 'true' && text !== 'false') || new Set(said).size > 1) {
    throw refusedDeployment(field, 'tls and ssl must be true or false, and agree')
  }
  return said[0] === undefined ? otherwise : said[0] === 'true'
}
