// The home folder of `postern up`, and bootstrap.json in it: what the first start printed, so that later starts print
// the same and client commands find the server. It is the one declared place where secrets lie in clear (mode 600), until
// `postern auth rotate-bootstrap` takes them out of it.

import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, renameSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { isDiskFull, makeFolder, whyNot } from '@postern/control-plane/store/folder'

export interface Bootstrap extends FirstSecrets {
  readonly apiUrl: string | null
  readonly consoleUrl: string | null
  /** Only where --https-port asks for it. */
  readonly httpsUrl?: string
  readonly orgId: string
  readonly groupId: string
  readonly clusterName: string
  readonly caFile: string | null
  readonly dnsAddress: string | null
  readonly ownerEmail: string
  readonly dbUser: string
  readonly connectionStrings: readonly string[]
  /** pending: the sample is still to be made; done; none: not asked for at the first start. */
  readonly sample: 'pending' | 'done' | 'none'
  /** Where the API key went when the first secrets were rotated. */
  readonly rotated?: { readonly profile: string; readonly publicKey: string }
  /** Names of fields here that did not hold any more at the last start: somebody changed or deleted what they tell of. */
  readonly ended?: readonly string[]
  /**
   * The public part of the key by which `up` works; its private part is made at each start and kept nowhere. Homes of an
   * earlier release have none yet.
   */
  readonly supervisorKey?: string
  /** Where the gateway listens on this machine: chosen once, so that a second start finds its ports free again. */
  readonly gateway: { readonly host: string; readonly firstPort: number; readonly lastPort: number }
}

/** Each is empty once they were rotated: they are known to their owner then, and nowhere here. */
interface FirstSecrets {
  readonly publicKey: string
  readonly privateKey: string
  readonly clientId: string
  readonly clientSecret: string
  readonly ownerPassword: string
  readonly dbPassword: string
}

const rotatedSecrets: FirstSecrets = {
  publicKey: '',
  privateKey: '',
  clientId: '',
  clientSecret: '',
  ownerPassword: '',
  dbPassword: '',
}

export const homePaths = (home: string) => ({
  bootstrap: join(home, 'bootstrap.json'),
  /** PEM: whom clients of endpoints in name form are to trust. */
  ca: join(home, 'ca.pem'),
  database: join(home, 'db'),
  edge: join(home, 'edge'),
  sandbox: join(home, 'sandbox'),
  logs: join(home, 'logs'),
})

/** Makes the folder and those in it, closed to others. Throws a sentence that says why not and what to do. */
export function makeHome(home: string): void {
  const paths = homePaths(home)
  try {
    makeFolder(home)
    chmodSync(home, 0o700)
    for (const folder of [paths.edge, paths.sandbox, paths.logs]) makeFolder(folder)
  } catch (cause) {
    const why = whyNot(cause) ?? (cause as Error).message
    throw new Error(`${home} cannot be made a home: ${why}. Choose another with --home or POSTERN_HOME.`, { cause })
  }
}

/** Below this nothing starts: each program wants to write a file first. */
const fullBytes = 256 * 1024

/**
 * A sentence in place of an error of a start on a full disk; null where that is not the reason. A program that ends for
 * want of room seldom says so well, so that what is left is looked at too. `temporary`: the home was chosen by us.
 */
export function diskFull(
  error: unknown,
  { home, temporary, freeBytes }: { readonly home: string; readonly temporary: boolean; readonly freeBytes: number },
): Error | null {
  const { message } = error as Error
  if (!isDiskFull(error) && !/\b(ENOSPC|EDQUOT)\b/.test(message) && freeBytes >= fullBytes) return null
  const choose = temporary ? 'name a folder on another disk with TMPDIR' : 'choose another with --home or POSTERN_HOME'
  return new Error(
    `The disk that holds ${home} is full: make room (a home takes some 60 MB), or ${choose}. (${message})`,
    {
      cause: error,
    },
  )
}

/** What this user may still write where `home` is, in bytes; Infinity where that cannot be told. */
export function freeBytesOf(home: string): number {
  try {
    const { bavail, bsize } = statfsSync(home)
    return bavail * bsize
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

const letters = (count: number): string =>
  Array.from({ length: count }, () => String.fromCharCode(97 + randomInt(26))).join('')

/** Secrets and ids of a first start; everything is random, nothing is a default password. */
export function freshBootstrap(sample: boolean): Bootstrap {
  const objectId = () => randomBytes(12).toString('hex')
  return {
    apiUrl: null,
    consoleUrl: null,
    publicKey: freshPublicKey(),
    privateKey: randomUUID(),
    clientId: `mdb_sa_id_${objectId()}`,
    clientSecret: `mdb_sa_sk_${randomBytes(30).toString('base64url')}`,
    orgId: objectId(),
    groupId: objectId(),
    clusterName: 'Cluster0',
    caFile: null,
    dnsAddress: null,
    ownerEmail: 'owner@postern.internal',
    ownerPassword: randomBytes(15).toString('base64url'),
    dbUser: 'app',
    dbPassword: randomBytes(15).toString('base64url'),
    connectionStrings: [],
    sample: sample ? 'pending' : 'none',
    supervisorKey: freshPublicKey(),
    gateway: freshGateway(),
  }
}

// On Linux all of 127/8 is this machine, so each home's gateway gets an address of its own (127.1 to 127.63; local
// endpoints use 127.64 and up) and homes never meet. Elsewhere homes share 127.0.0.1 and differ by port range.
function freshGateway(): Bootstrap['gateway'] {
  if (process.platform === 'linux') {
    const host = `127.${randomInt(1, 64)}.${randomInt(256)}.${randomInt(1, 255)}`
    return { host, firstPort: 20_000, lastPort: 29_999 }
  }
  const firstPort = 20_000 + 400 * randomInt(30)
  return { host: '127.0.0.1', firstPort, lastPort: firstPort + 399 }
}

/** Null when there is none yet. Throws when the file is there and cannot be read: it holds the only copy of secrets. */
export function readBootstrap(home: string): Bootstrap | null {
  const file = homePaths(home).bootstrap
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  try {
    const parsed: unknown = JSON.parse(text)
    const held =
      typeof parsed === 'object' && parsed !== null && 'rotated' in parsed ? { ...rotatedSecrets, ...parsed } : parsed
    if (isBootstrap(held)) return held
  } catch {
    // told below
  }
  throw new Error(`${file} is damaged. It held the API keys of this home: mend it, or start with another --home.`)
}

const textFields = [
  'publicKey',
  'privateKey',
  'clientId',
  'clientSecret',
  'orgId',
  'groupId',
  'clusterName',
  'ownerEmail',
  'ownerPassword',
  'dbUser',
  'dbPassword',
  'sample',
] as const satisfies readonly (keyof Bootstrap)[]

function isBootstrap(value: unknown): value is Bootstrap {
  if (typeof value !== 'object' || value === null) return false
  const held = value as Readonly<Record<string, unknown>>
  const gateway = held.gateway as Partial<Bootstrap['gateway']> | null | undefined
  return (
    textFields.every((field) => typeof held[field] === 'string') &&
    Array.isArray(held.connectionStrings) &&
    typeof gateway?.host === 'string' &&
    Number.isInteger(gateway.firstPort) &&
    Number.isInteger(gateway.lastPort)
  )
}

/**
 * Replaces bootstrap.json; of secrets that were rotated nothing is written. What has ended stays: another store, where
 * nothing was seeded yet, is seeded with it.
 */
export const writeBootstrap = (home: string, bootstrap: Bootstrap): void =>
  writeWhole(homePaths(home).bootstrap, `${JSON.stringify(withoutRotated(bootstrap), null, 2)}\n`, 0o600)

/** What is true of it now: nothing that is not known here any more, or has ended. */
export const toldOf = (bootstrap: Bootstrap): Partial<Bootstrap> => {
  const { ended = [], ...told } = withoutRotated(bootstrap)
  return Object.fromEntries(Object.entries(told).filter(([field]) => !ended.includes(field)))
}

const withoutRotated = (bootstrap: Bootstrap): Partial<Bootstrap> =>
  bootstrap.rotated === undefined
    ? bootstrap
    : Object.fromEntries(Object.entries(bootstrap).filter(([field]) => !(field in rotatedSecrets)))

/** `bootstrap` with what a rotation has taken out of the file meanwhile. */
export const unlessRotated = (home: string, bootstrap: Bootstrap): Bootstrap => {
  const rotated = readBootstrap(home)?.rotated
  return rotated === undefined ? bootstrap : { ...bootstrap, ...rotatedSecrets, rotated }
}

export const freshPublicKey = (): string => letters(8)

/** Replaces ca.pem and answers its path; a certificate is no secret. */
export function writeCa(home: string, certificate: string): string {
  const file = homePaths(home).ca
  writeWhole(file, certificate, 0o644)
  return file
}

/** Writes beside, syncs and renames, so that a crash leaves the old file or the new one. */
function writeWhole(file: string, text: string, mode: number): void {
  const beside = `${file}.new`
  const descriptor = openSync(beside, 'w', mode)
  try {
    writeSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(beside, file)
}
