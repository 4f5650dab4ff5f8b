// The control plane as a program: reads its environment, opens, seeds, listens, says that it is ready, and stops on a
// signal or when its parent is gone. Logs are JSON lines on stderr. A supervisor that forked it may send one message,
// `{ seed?, told?, supervisorKey? }` (see identity/), and gets one: `{ ready: { url, httpsUrl?, ended? } }`; where it was
// started for tests also `{ stop: true }`, when a test wants the whole to end.

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Environment } from '@postern/contract/environment'
import { whenParentGoes } from '@postern/contract/parent-process'
import { isBehindPassphrase } from '@postern/contract/private-key'
import { destination, type Logger, pino } from 'pino'
import { readServerConfig, type ServerConfig } from './config.ts'
import { type ControlPlane, createControlPlane } from './control-plane.ts'
import { type Console, readConsole } from './http/console.ts'
import { type HttpsDoor, openHttpsDoor } from './https-door.ts'
import { type SeedSecrets, seedIdentities } from './identity/seed.ts'
import { type Ended, endedOf, type FirstTold } from './identity/seed-ended.ts'
import { makeSupervisorKey, type SupervisorKey } from './identity/supervisor-key.ts'
import { type Listening, listen } from './listen.ts'
import { loggable } from './loggable.ts'
import { loadAuthority } from './resources/certificate/authority.ts'
import { loadSealKey } from './seal.ts'
import { shippedTemplate } from './store/template.ts'

export interface ServerReady {
  readonly ready: { readonly url: string; readonly httpsUrl?: string; readonly ended?: Ended }
}

const seedWaitMs = 30_000
const requestGraceMs = 1500
const turnGraceMs = 2000
/** What is still open then is left to the operating system; the promise is five seconds. */
const stopLimitMs = 4500

/** Should one of these ever be handed to a logger, its value does not get out. */
const secretNames = [
  'password',
  'token',
  'secret',
  'key',
  'privateKey',
  'clientSecret',
  'ha1',
  'access',
  'authorization',
]
const secretPaths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/**
 * Runs a control plane until it is told to stop, and resolves then. Rejects when it cannot start, with an error whose
 * message says why: EnvironmentError, HomeHeld, StoreUnavailable, or the port's own sentence.
 */
export const serverMain = async (env: Environment): Promise<void> => {
  const config = readServerConfig(env)
  const log = pino(
    { name: 'server', level: config.logLevel, redact: secretPaths },
    destination({ dest: 2, sync: true }),
  )
  const stop = stopReason()
  const seed = config.expectSeed ? seedMessage() : null
  process.on('uncaughtException', (error) => {
    log.fatal({ err: loggable(error) }, 'a defect: the control plane ends and its supervisor starts it again')
    process.exit(1)
  })

  try {
    const { plane, listening, door, ended } = await open(config, log, seed)
    log.info(
      { url: listening.url, store: config.databaseUrl === null ? 'embedded' : 'server' },
      'the control plane is ready',
    )
    if (process.connected)
      process.send?.({
        ready: { url: listening.url, ...(door && { httpsUrl: door.url }), ...(ended && { ended }) },
      } satisfies ServerReady)
    log.info({ reason: await stop }, 'stopping')
    await stopInTime(plane, door === null ? [listening] : [listening, door], log)
  } finally {
    seed?.release()
    // The channel to the parent would keep this process alive; the caller may still have a word for it.
    process.channel?.unref()
  }
}

const open = async (
  config: ServerConfig,
  log: Logger,
  seed: SeedMessage | null,
): Promise<{
  readonly plane: ControlPlane
  readonly listening: Listening
  readonly door: HttpsDoor | null
  readonly ended: Ended | null
}> => {
  let listening: Listening | null = null
  const console = await consoleOf(config)
  const plane = await createControlPlane({
    store: storeOf(config, log),
    settings: config.settings,
    sealKey: config.sealKey ?? (await loadSealKey(config.home)),
    edgeToken: config.edgeToken,
    // Where no name is configured it is addressed by where it listens.
    hosts: config.publicUrl === null ? [...config.hosts, config.host] : config.hosts,
    publicUrl: config.publicUrl,
    log,
    ...(console && { console }),
    ...(config.testing && { testing: { stop: askToStop } }),
  })
  try {
    const ended = seed === null ? null : await seedWith(plane, await seed.arrives)
    listening = await listen(plane.fetch, { ...config, tls: await readTls(config, plane) })
    const { httpsPort: port, host, alsoHost, hosts } = config
    const door = port === null ? null : await openHttpsDoor(plane, { host, alsoHost, port, hosts })
    return { plane, listening, door, ended }
  } catch (error) {
    await listening?.close(0)
    await plane.close(0)
    throw error
  }
}

const seedWith = async ({ parts }: ControlPlane, { seed, told, supervisorKey }: SeedWords): Promise<Ended | null> => {
  const first = told ?? seed
  if (first !== undefined) await seedIdentities(parts, first)
  if (supervisorKey !== undefined) await makeSupervisorKey(parts, supervisorKey)
  return told === undefined ? null : endedOf(parts, told)
}

const storeOf = (config: ServerConfig, log: Logger) =>
  config.databaseUrl === null
    ? {
        dataDir: join(config.home, 'store'),
        template: shippedTemplate,
        onBroken: (error: unknown) => {
          log.fatal({ err: loggable(error) }, 'the embedded database broke: the control plane ends')
          process.exit(1)
        },
      }
    : {
        databaseUrl: config.databaseUrl,
        onIdleError: (error: Error) => log.warn({ reason: error.message }, 'a connection to the database ended'),
      }

/** Where a bundle has the console's build: beside itself. Running from source there is none. */
const shippedConsole = fileURLToPath(new URL('./console', import.meta.url))

const consoleOf = async ({ console: folder }: ServerConfig): Promise<Console | null> => {
  if (folder === null) return existsSync(shippedConsole) ? readConsole(shippedConsole) : null
  return readConsole(folder).catch((cause: Error) => {
    throw new Error(`POSTERN_CONSOLE: ${cause.message}`, { cause })
  })
}

const readTls = async ({ tls }: ServerConfig, { parts }: ControlPlane) =>
  tls && {
    cert: await readPem('POSTERN_TLS_CERT', tls.certFile),
    key: openKey(await readPem('POSTERN_TLS_KEY', tls.keyFile), tls.keyFile),
    clientCa: (await loadAuthority(parts, 'edges')).certificate,
  }

const readPem = (variable: string, file: string): Promise<string> =>
  readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new Error(`${variable}: ${file} cannot be read (${cause.code})`, { cause })
  })

const openKey = (pem: string, file: string): string => {
  if (!isBehindPassphrase(pem)) return pem
  throw new Error(`POSTERN_TLS_KEY: ${file} is behind a passphrase, which nobody can be asked for: give a key without`)
}

/** The supervisor ends the rest too; without one this process ends as by a signal. */
const askToStop = (): void => {
  if (process.connected) process.send?.({ stop: true })
  else process.kill(process.pid, 'SIGTERM')
}

/** The first of: a signal, or the channel to the parent closing, which it does even when that one dies by kill -9. */
const stopReason = (): Promise<string> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(signal))
    whenParentGoes(() => resolve('the parent process is gone'))
  })

/** Any of them, but not none. */
interface SeedWords {
  readonly seed?: SeedSecrets
  /** The same, from somebody who wants to hear what of it has ended. */
  readonly told?: FirstTold
  readonly supervisorKey?: SupervisorKey
}

interface SeedMessage {
  readonly arrives: Promise<SeedWords>
  /** Waits no longer. */
  readonly release: () => void
}

// Comes from the process that forked this one, over its channel: nobody else can send it, so its shape is trusted.
const seedMessage = (): SeedMessage => {
  let release = (): void => {}
  const arrives = new Promise<SeedWords>((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`POSTERN_EXPECT_SEED is yes, but no seed came from the parent within ${seedWaitMs} ms`)),
      seedWaitMs,
    )
    const take = (message: unknown): void => {
      const words = message as SeedWords
      if (words.seed ?? words.told ?? words.supervisorKey) resolve(words)
    }
    process.on('message', take)
    release = () => {
      clearTimeout(late)
      process.off('message', take)
    }
  })
  // Awaited only once the store is open; until then a rejection is nobody's.
  arrives.catch(() => {})
  return { arrives, release: () => release() }
}

const stopInTime = async (
  plane: ControlPlane,
  doors: readonly Pick<Listening, 'close'>[],
  log: Logger,
): Promise<void> => {
  const late = setTimeout(() => {
    log.warn(`not closed within ${stopLimitMs} ms; what is open is cut`)
    process.exit(0)
  }, stopLimitMs)
  late.unref()
  plane.quiet()
  await Promise.all(doors.map((door) => door.close(requestGraceMs)))
  await plane.close(turnGraceMs)
  clearTimeout(late)
}
