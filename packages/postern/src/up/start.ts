// Starts the whole on one machine: sandbox, control plane and edge as processes of their own under this supervisor.
// `up`, `quickstart`, the journeys and (later) the testing library all go through here.

import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FileRead } from '@postern/cli/apply/read-file'
import { connect } from '@postern/cli/connect'
import { ApiError, type Client } from '@postern/contract/client'
import type { Ended, FirstTold } from '@postern/control-plane/identity/seed-ended'
import type { SupervisorKey } from '@postern/control-plane/identity/supervisor-key'
import { HomeHeld, type HomeLock, lockHome } from '@postern/control-plane/store/home-lock'
import { type AppliedProject, applyFile, readApplyFile, stringsOf } from './apply-file.ts'
import type { Child, ChildProgram } from './child.ts'
import type { UpOptions } from './flags.ts'
import {
  type Bootstrap,
  diskFull,
  freeBytesOf,
  freshBootstrap,
  freshPublicKey,
  homePaths,
  makeHome,
  readBootstrap,
  unlessRotated,
  writeBootstrap,
  writeCa,
} from './home.ts'
import { launcher, logOf, programs } from './launch.ts'
import { watchLogs } from './log-files.ts'
import { holderOf, isFree, keptDnsPort } from './port.ts'
import { connectionStringsOf, makeSample } from './sample.ts'
import { unservedOf } from './unserved.ts'

export interface Running {
  readonly home: string
  readonly bootstrap: Bootstrap
  /** Opens the console and logs its owner in, once, within ten minutes. It is kept nowhere; null: there is no owner. */
  readonly loginUrl: string | null
  /** The projects of --apply. */
  readonly applied: readonly AppliedProject[]
  /** What could not be bound at this start, in sentences: until it is, connection strings lead nowhere or elsewhere. */
  readonly unserved: readonly string[]
  readonly client: Client
  readonly children: Readonly<Record<'server' | 'edge' | 'sandbox', Child>>
  /** The sandbox's admin door, for drills: kill and revive a member, step down. */
  readonly sandbox: { readonly url: string; readonly token: string }
  /** Ends every process, at most five seconds later; a temporary home goes too. May be called twice. */
  readonly stop: () => Promise<void>
}

export interface StartOptions extends UpOptions {
  /** Told of what a person should know while it happens: a taken port, a restarted program. */
  readonly tell: (says: string) => void
  /** Somebody asked, through the door for test suites, that all of it ends. */
  readonly onStop?: () => void
  /** A folder with another build of the console than the one at hand. */
  readonly console?: string
  /** The bin of another build of the programs than this one. */
  readonly bin?: string
  /** Aborted: whatever runs or is just starting is stopped, and `start` rejects. */
  readonly signal?: AbortSignal
}

/** Together they stay under the five seconds that a stop may take. */
const stopGraceMs = 3_500
const sandboxGraceMs = 1_000

const edgeName = 'local'

/** The console's build: beside this bundle, or where `prepare` put it while developing. */
const consoleFolder = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/console' : './console', import.meta.url),
)
const isSandbox = (child: Child): boolean => child.name === 'sandbox'

/** Throws HomeHeld, or an Error whose message says what failed and what to do. Leaves no process behind then. */
export async function start(options: StartOptions): Promise<Running> {
  // Before anything is started: a file with a fault is told at once.
  const file = options.apply === null ? null : await readApplyFile(options.apply)
  const temporary = options.home === null
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'postern-'))
  makeHome(home)
  const lock = await lockHome(home)
  if ('heldBy' in lock) throw new HomeHeld(home, lock.heldBy)
  const children: Child[] = []
  let stopped: Promise<void> | null = null
  const endLogs = watchLogs(programs.map((name) => logOf(home, name)))
  const stop = (): Promise<void> => {
    stopped ??= stopAll(children, lock, temporary ? home : null).finally(endLogs)
    return stopped
  }
  options.signal?.addEventListener('abort', () => {
    stop().catch((error: Error) => options.tell(`stopping: ${error.message}`))
  })
  try {
    return await startIn({ home, lock, options, file, children, stop })
  } catch (error) {
    const full = diskFull(error, { home, temporary, freeBytes: freeBytesOf(home) })
    await stop()
    throw full ?? error
  }
}

async function stopAll(children: readonly Child[], lock: HomeLock, temporaryHome: string | null): Promise<void> {
  // Whatever signals all processes of a service at once (systemd does) ends the programs in any order.
  for (const child of children) child.retire()
  // The sandbox outlives those that talk to it, so that none of them waits for a deployment that is gone.
  const [last, others] = [children.filter(isSandbox), children.filter((child) => !isSandbox(child))]
  await Promise.all(others.map((child) => child.stop(stopGraceMs)))
  await Promise.all(last.map((child) => child.stop(sandboxGraceMs)))
  await lock.release()
  if (temporaryHome !== null) rmSync(temporaryHome, { recursive: true, force: true })
}

interface Starting {
  readonly home: string
  readonly lock: HomeLock
  readonly options: StartOptions
  /** What --apply names. */
  readonly file: FileRead | null
  /** Grows as programs start; the last started is stopped with the rest. */
  readonly children: Child[]
  readonly stop: () => Promise<void>
}

async function startIn({ home, lock, options, file, children, stop }: Starting): Promise<Running> {
  const paths = homePaths(home)
  let bootstrap = readBootstrap(home)
  if (bootstrap === null) {
    bootstrap = freshBootstrap(options.sample)
    writeBootstrap(home, bootstrap)
  }
  const ownKey = { publicKey: bootstrap.supervisorKey ?? freshPublicKey(), privateKey: randomUUID() }
  bootstrap = { ...bootstrap, supervisorKey: ownKey.publicKey }
  const keys = {
    edgeToken: randomBytes(32).toString('hex'),
    sandboxToken: randomBytes(32).toString('hex'),
    forwarderKey: randomBytes(32).toString('hex'),
  }
  const launch = launcher({ home, options, children })
  const sandbox = await launch('sandbox', (before) => ({
    POSTERN_SANDBOX_DIR: paths.sandbox,
    POSTERN_SANDBOX_PORT: portIn(before?.adminUrl) ?? '0',
    POSTERN_SANDBOX_TOKEN: keys.sandboxToken,
  }))

  const door = { url: String(sandbox.ready().adminUrl), token: keys.sandboxToken }
  const port = await choosePort(options)
  const { gateway, orgId } = bootstrap
  const settings = serverSettings(options, { home, keys, door, gateway })
  const server = await launch(
    'server',
    (before) => ({ ...settings, ...listening(before, { port, httpsPort: options.httpsPort }) }),
    { message: () => seedWords(home, { ...ownKey, orgId }), onStop: options.onStop ?? (() => {}) },
  )
  const apiUrl = String(server.ready().url).replace(/\/$/, '')
  lock.tell({ url: apiUrl })

  const edgeStarted = Date.now()
  // Resolvers were pointed at it by hand, so the next start takes the same port while it can.
  const dnsPort = await keptDnsPort(bootstrap.dnsAddress)
  const edge = await launch('edge', (before) => ({
    POSTERN_URL: apiUrl,
    POSTERN_EDGE: edgeName,
    POSTERN_EDGE_TOKEN: keys.edgeToken,
    POSTERN_FORWARDER_KEY: keys.forwarderKey,
    POSTERN_EDGE_DIR: paths.edge,
    POSTERN_GATEWAY_HOST: gateway.host,
    POSTERN_DNS_HOST: '127.0.0.1',
    POSTERN_DNS_PORT: String(before?.dnsAddress ?? '').split(':')[1] ?? String(dnsPort),
    // Naming an address for local endpoints is asking for it by name; everything else stays on loopback.
    ...(options.bind === null ? {} : { POSTERN_ALLOW_PLAIN_REMOTE: 'yes' }),
  }))

  const client = connect({ baseUrl: apiUrl, credentials: { kind: 'digest', ...ownKey } })
  const { body: authority } = await client.call('getCertificateAuthority')
  const caFile = writeCa(home, authority.certificate)
  const { httpsUrl: _before, ended: _then, ...known } = bootstrap
  const { httpsUrl } = server.ready()
  // The API answers since a while: somebody may have rotated what the file held when this start began.
  bootstrap = unlessRotated(home, {
    ...known,
    ...(httpsUrl !== undefined && { httpsUrl: String(httpsUrl) }),
    apiUrl,
    consoleUrl: `${apiUrl}/`,
    caFile,
    dnsAddress: String(edge.ready().dnsAddress),
    ended: endedIn(server, bootstrap),
  })
  writeBootstrap(home, bootstrap)
  if (bootstrap.sample === 'pending') {
    await makeSample(client, bootstrap)
    bootstrap = { ...bootstrap, sample: 'done' }
    writeBootstrap(home, unlessRotated(home, bootstrap))
  }
  const applied = file === null ? [] : await applyFile(file, { client, bootstrap, tell: options.tell })
  bootstrap = {
    ...unlessRotated(home, bootstrap),
    connectionStrings: await connectionStringsOf(client, bootstrap),
  }
  writeBootstrap(home, bootstrap)
  const strings = [...bootstrap.connectionStrings, ...applied.flatMap(stringsOf)]
  const unserved = strings.length === 0 ? [] : await unservedOf(client, edgeName, edgeStarted)
  const loginUrl = await loginUrlOf(client, bootstrap)
  if (options.testing) await client.call('keepTestingSeed')
  return {
    home,
    bootstrap,
    loginUrl,
    applied,
    unserved,
    client,
    children: { server, edge, sandbox },
    sandbox: door,
    stop,
  }
}

/** What the control plane is told, but for its ports. */
const serverSettings = (
  options: StartOptions,
  {
    home,
    keys,
    door,
    gateway,
  }: {
    readonly home: string
    readonly keys: { readonly edgeToken: string; readonly sandboxToken: string }
    readonly door: { readonly url: string }
    readonly gateway: Bootstrap['gateway']
  },
): Readonly<Record<string, string>> => ({
  POSTERN_HOME: home,
  POSTERN_EDGE_TOKEN: keys.edgeToken,
  POSTERN_SANDBOX_URL: door.url,
  POSTERN_SANDBOX_TOKEN: keys.sandboxToken,
  POSTERN_LOCAL_PROVISION_MS: String(options.localProvisionMs),
  POSTERN_UNKNOWN_ENDPOINTS: options.unknownEndpoints,
  POSTERN_FIDELITY: options.fidelity,
  POSTERN_FIDELITY_DELAY_MS: String(options.fidelityDelayMs),
  POSTERN_LOCAL_ADDRESSES: options.localAddresses,
  POSTERN_GATEWAY_PORTS: `${gateway.firstPort}-${gateway.lastPort}`,
  POSTERN_STANDARD_HOST: gateway.host,
  POSTERN_EXPECT_SEED: 'yes',
  ...given('POSTERN_CONSOLE', options.console ?? (existsSync(consoleFolder) ? consoleFolder : null)),
  ...given('POSTERN_BIND', options.bind),
  ...given('POSTERN_ADVERTISE', options.advertise),
  ...given('POSTERN_HOSTS', options.hosts),
  ...given('POSTERN_DOMAIN', options.domain),
  ...given('POSTERN_DATABASE_URL', options.databaseUrl),
  ...given('POSTERN_TESTING', options.testing ? 'yes' : null),
})

/** A program that is started again keeps its ports. */
const listening = (
  before: Parameters<ChildProgram['environment']>[0],
  { port, httpsPort }: { readonly port: number; readonly httpsPort: number | null },
) => ({
  POSTERN_PORT: portIn(before?.url) ?? String(port),
  ...given('POSTERN_HTTPS_PORT', httpsPort === null ? null : (portIn(before?.httpsUrl) ?? String(httpsPort))),
})

/**
 * For the owner that the first start made; null where somebody has removed them since, or they belong to organizations
 * of others too, whom a link would let in there.
 */
async function loginUrlOf(client: Client, { orgId, ownerEmail }: Bootstrap): Promise<string | null> {
  const { body } = await client.call('listOrgUsers', { params: { orgId }, query: { username: ownerEmail } })
  const userId = body.results[0]?.id
  if (userId === undefined) return null
  try {
    return (await client.call('createSessionLink', { params: { orgId, userId } })).body.url
  } catch (error) {
    if (error instanceof ApiError && error.errorCode === 'POSTERN_USER_OF_OTHER_ORGS') return null
    throw error
  }
}

const ofSample: ReadonlySet<string> = new Set<keyof Bootstrap>(['clusterName', 'dbUser', 'dbPassword'])

/** What the server found to have ended; before there was a sample, nothing of it can have. */
const endedIn = (server: Child, { sample }: Bootstrap): readonly string[] =>
  Object.keys((server.ready().ended ?? {}) as Ended).filter((field) => sample === 'done' || !ofSample.has(field))

async function choosePort({ port, tell }: StartOptions): Promise<number> {
  if (port === 0 || (await isFree('127.0.0.1', port))) return port
  tell(`Port ${port} is taken by ${holderOf(port)}; using a free one.`)
  return 0
}

const portIn = (url: unknown): string | undefined => (typeof url === 'string' ? new URL(url).port : undefined)

const given = (name: string, value: string | null): Record<string, string> => (value === null ? {} : { [name]: value })

/** Read afresh at each start of the server: secrets that were rotated while all this runs are neither seeded nor judged. */
function seedWords(home: string, supervisorKey: SupervisorKey): object {
  const bootstrap = readBootstrap(home)
  return bootstrap === null || bootstrap.rotated !== undefined
    ? { supervisorKey }
    : { told: firstTold(bootstrap), supervisorKey }
}

const firstTold = (bootstrap: Bootstrap): FirstTold => ({
  orgId: bootstrap.orgId,
  orgName: 'Organization0',
  groupId: bootstrap.groupId,
  groupName: 'Project0',
  ownerEmail: bootstrap.ownerEmail,
  ownerPassword: bootstrap.ownerPassword,
  publicKey: bootstrap.publicKey,
  privateKey: bootstrap.privateKey,
  clientId: bootstrap.clientId,
  clientSecret: bootstrap.clientSecret,
  clusterName: bootstrap.clusterName,
  dbUser: bootstrap.dbUser,
  dbPassword: bootstrap.dbPassword,
})
