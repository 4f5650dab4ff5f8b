// The edge as a program: reads its environment, starts, says it is ready, stops on a signal or when its parent is gone.
// Logs are JSON lines on stderr. A supervisor that forked it gets one message:
// `{ ready: { dnsAddress, held } }`, sent when sockets are open and the last good snapshots are served.

import { randomBytes } from 'node:crypto'
import { destination, type Logger, pino } from 'pino'
import { systemClock } from './clock.ts'
import { type EdgeConfig, EdgeConfigError, type Environment, readEdgeConfig } from './config.ts'
import { createEdge, type Edge } from './edge.ts'

export interface EdgeReady {
  readonly ready: { readonly dnsAddress: string | null; readonly held: ReturnType<Edge['held']> }
}

const drainMs = 2000
/** What is still open then is left to the operating system; the promise is five seconds. */
const closeLimitMs = 4500

/** Should one of these ever be handed to a logger, its value does not get out. */
const secretPaths = ['token', 'forwarderKey', 'proofKey', 'key', 'authorization'].flatMap((name) => [
  name,
  `*.${name}`,
  `*.*.${name}`,
])

/**
 * Runs an edge until it is told to stop; resolves with the exit code: 0 after a stop, 1 when it could not start.
 * Never rejects. Its caller ends the process with that code.
 */
export async function edgeMain(env: Environment): Promise<number> {
  const stderr = destination({ dest: 2, sync: true })
  let config: EdgeConfig
  try {
    config = readEdgeConfig(env)
  } catch (error) {
    const log = pino({ name: 'edge' }, stderr)
    if (!(error instanceof EdgeConfigError)) log.fatal({ err: error }, 'the configuration could not be read')
    else for (const problem of error.problems) log.fatal(problem)
    return 1
  }
  const log = pino({ name: 'edge', level: config.logLevel, redact: secretPaths }, stderr)
  const stop = stopReason()
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'a defect: the edge ends and its supervisor starts it again')
    process.exit(1)
  })

  let edge: Edge
  try {
    edge = await createEdge({ config, log, clock: systemClock, random: Math.random, randomBytes, fetch })
  } catch (error) {
    log.fatal(startSentence(error as NodeJS.ErrnoException, config))
    return 1
  }
  const { dnsAddress } = edge
  log.info({ edge: config.edge, programs: [...config.programs], dnsAddress, held: edge.held() }, 'the edge is ready')
  if (process.connected) process.send?.({ ready: { dnsAddress, held: edge.held() } } satisfies EdgeReady)

  log.info(`stopping: ${await stop}`)
  await closeInTime(edge, log)
  return 0
}

/** The first of: a signal, or the channel to the parent closing, which it does even when that one dies by kill -9. */
function stopReason(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(signal))
    process.on('disconnect', () => resolve('the parent process is gone'))
  })
}

async function closeInTime(edge: Edge, log: Logger): Promise<void> {
  let cancel = (): void => undefined
  const late = new Promise<void>((resolve) => {
    cancel = systemClock.after(closeLimitMs, () => {
      log.warn(`not closed within ${closeLimitMs} ms; what is open is cut`)
      resolve()
    })
  })
  const closed = edge.close(drainMs).catch((error: unknown) => log.error({ err: error }, 'closing failed'))
  await Promise.race([closed, late])
  cancel()
}

function startSentence(error: NodeJS.ErrnoException, { dns }: EdgeConfig): string {
  const place = `${dns.host} port ${dns.port}`
  if (error.code === 'EADDRINUSE') return `POSTERN_DNS_PORT: ${place} is in use by another program; choose another`
  if (error.code === 'EACCES') return `POSTERN_DNS_PORT: ${place} may not be bound by this user; choose one from 1024`
  if (error.code === 'EADDRNOTAVAIL') return `POSTERN_DNS_HOST: ${dns.host} is no address of this machine`
  return `the edge could not start: ${error.message}`
}
