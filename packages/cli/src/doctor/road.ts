// A connection string as the road that a driver would take: hosts, and the options that matter on the way. The string
// itself is kept for the driver alone. Reading loads the driver's own parser, so this is loaded late.

export interface Road {
  /** As the driver takes it, password and all: never printed. */
  readonly uri: string
  /** `host:port`; empty for an SRV string before its name was resolved. */
  readonly hosts: readonly string[]
  /** The name of `mongodb+srv://`; null for any other string. */
  readonly srvName: string | null
  readonly username: string | null
  readonly authSource: string
  readonly setName: string | null
  readonly tls: boolean
  readonly caFile: string | null
  /** With the certificate that is shown to a server that asks for one. */
  readonly certificateKeyFile: string | null
  readonly allowInvalidCertificates: boolean
  readonly allowInvalidHostnames: boolean
  readonly directConnection: boolean
  readonly loadBalanced: boolean
  /** Null where the string does not say. */
  readonly maxIdleTimeMs: number | null
  readonly hasCredentials: boolean
}

/** What is wrong with the string, without any part of it; or the road. */
export async function readRoad(text: string): Promise<Road | { readonly problem: string }> {
  const uri = text.trim()
  if (uri === '') return { problem: 'No connection string was given.' }
  if (!/^mongodb(\+srv)?:\/\//.test(uri)) {
    return { problem: 'The string begins with neither mongodb:// nor mongodb+srv://.' }
  }
  if (isUnescaped(uri)) return { problem: unescaped }
  const { ConnectionString } = await import('mongodb-connection-string-url')
  try {
    return roadOf(uri, new ConnectionString(uri))
  } catch {
    return { problem: problemOf(uri) }
  }
}

interface Parsed {
  readonly hosts: readonly string[]
  readonly isSRV: boolean
  readonly username: string
  readonly password: string
  readonly pathname: string
  readonly searchParams: Iterable<readonly [string, string]>
}

function roadOf(uri: string, parsed: Parsed): Road {
  const options = new Map([...parsed.searchParams].map(([name, value]) => [name.toLowerCase(), value]))
  const isOn = (name: string): boolean => options.get(name.toLowerCase()) === 'true'
  const tls = options.get('tls') ?? options.get('ssl')
  const database = decodeURIComponent(parsed.pathname.replace(/^\//, ''))
  return {
    uri,
    hosts: parsed.isSRV ? [] : parsed.hosts.map(withPort),
    srvName: parsed.isSRV ? (parsed.hosts[0] ?? '').toLowerCase() : null,
    username: parsed.username === '' ? null : decodeURIComponent(parsed.username),
    authSource: options.get('authsource') ?? (database === '' ? 'admin' : database),
    setName: options.get('replicaset') ?? null,
    tls: tls === undefined ? parsed.isSRV : tls === 'true',
    caFile: options.get('tlscafile') ?? null,
    certificateKeyFile: options.get('tlscertificatekeyfile') ?? null,
    allowInvalidCertificates: isOn('tlsAllowInvalidCertificates') || isOn('tlsInsecure'),
    allowInvalidHostnames: isOn('tlsAllowInvalidHostnames') || isOn('tlsInsecure'),
    directConnection: isOn('directConnection'),
    loadBalanced: isOn('loadBalanced'),
    maxIdleTimeMs: options.has('maxidletimems') ? Number(options.get('maxidletimems')) : null,
    hasCredentials: parsed.username !== '' || options.has('authmechanism'),
  }
}

/** What TXT of an SRV name adds: the string's own options are stronger. */
export function withTxt(road: Road, txt: string): Road {
  const options = new URLSearchParams(txt)
  const named = new URLSearchParams(road.uri.split('?')[1] ?? '')
  const says = (name: string): boolean => [...named.keys()].some((key) => key.toLowerCase() === name)
  return {
    ...road,
    setName: road.setName ?? options.get('replicaSet'),
    loadBalanced: road.loadBalanced || options.get('loadBalanced') === 'true',
    authSource: says('authsource') ? road.authSource : (options.get('authSource') ?? road.authSource),
  }
}

const withPort = (host: string): string => (/:\d+$/.test(host) ? host : `${host}:27017`).toLowerCase()

const unescaped =
  'User name or password holds one of : / ? # @ as it is; in a connection string they are written %3A, %2F, %3F, %23 and %40.'

/**
 * `mongodb://app:12/34@host/`: what a parser takes for host, port and database is user name and password, and would be
 * printed as such. Two @ before the hosts it would put down to the password.
 */
function isUnescaped(uri: string): boolean {
  const [, authority = '', rest = ''] = /^[^:]+:\/\/([^/?#]*)(.*)$/s.exec(uri) ?? []
  const beforeOptions = rest.split('?')[0] ?? ''
  if (beforeOptions.includes('@') || authority.split('@').length > 2) return true
  return !authority.includes('@') && /^[^,]*:[^,]*$/.test(authority) && rest.includes('@')
}

function problemOf(uri: string): string {
  const userInfo = /^[^:]+:\/\/(.*)@/.exec(uri)?.[1] ?? ''
  if (/[@/]/.test(userInfo) || userInfo.split(':').length > 2) return unescaped
  if (/%(?![0-9a-f]{2})/i.test(userInfo)) return 'User name or password holds a % that begins no escape; write %25.'
  return 'The hosts or options cannot be read: hosts are host:port joined by commas, options name=value joined by &.'
}
