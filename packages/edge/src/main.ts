// The edge as a program: reads its environment, starts, says it is ready, stops on a signal or when its parent is gone.
// Logs are JSON lines on stderr. A supervisor that forked it gets one message:
// `{ ready: { dnsAddress, metricsAddress, held } }`, sent when sockets are open and the last good snapshots are served, or
// `{ failed: { message } }` where it could not start.

import { randomBytes } from 'node:crypto'
import { type Environment, EnvironmentError } from '@postern/contract/environment'
import { whenParentGoes } from '@postern/contract/parent-process'
import { destination, type Logger, pino } from 'pino'
import { systemClock } from './clock.ts'
import { type EdgeConfig, readEdgeConfig } from './config.ts'
import { createEdge, type Edge } from './edge.ts'
import { takeIdentity } from './identity/identity.ts'
import { withoutSecrets } from './without-secrets.ts'

export interface EdgeReady {
  readonly ready: {
    readonly dnsAddress: string | null
    readonly metricsAddress: string | null
    readonly held: ReturnType<Edge['held']>
  }
}

interface EdgeFailed {
  readonly failed: { readonly message: string }
}

const drainMs = 2000
/** What is still open then is left to the operating system; the promise is five seconds. */
const closeLimitMs = 4500

/**
 * Runs an edge until it is told to stop; resolves with the exit code: 0 after a stop, 1 when it could not start.
 * Never rejects. Nothing of it keeps the process alive afterwards.
 */
export async function edgeMain(env: Environment): Promise<number> {
  const stderr = destination({ dest: 2, sync: true })
  let config: EdgeConfig
  try {
    config = readEdgeConfig(env)
  } catch (error) {
    const log = pino({ name: 'edge' }, stderr)
    if (!(error instanceof EnvironmentError)) log.fatal({ err: error }, 'the configuration could not be read')
    else for (const problem of error.problems) log.fatal(problem)
    return failed((error as Error).message)
  }
  const formatters = { log: withoutSecrets, bindings: withoutSecrets }
  const log = pino({ name: 'edge', level: config.logLevel, formatters }, stderr)
  const watch = watchProcess((error) => {
    log.fatal({ err: error }, 'a defect: the edge ends and its supervisor starts it again')
    process.exit(1)
  })
  try {
    return await run(config, log, watch.stop)
  } finally {
    watch.end()
  }
}

async function run(config: EdgeConfig, log: Logger, stop: Promise<string>): Promise<number> {
  const stopped = new AbortController()
  void stop.then(() => stopped.abort())
  let edge: Edge
  try {
    const identity = await takeIdentity(
      { ...config, sharedToken: config.token, fetch, clock: systemClock, randomBytes, log },
      stopped.signal,
    )
    edge = await createEdge({ config, identity, log, clock: systemClock, random: Math.random, randomBytes })
  } catch (error) {
    if (stopped.signal.aborted) return 0
    const sentence = startSentence(error as NodeJS.ErrnoException, config)
    log.fatal(sentence)
    return failed(sentence)
  }
  const { dnsAddress, metricsAddress } = edge
  const ready = { dnsAddress, metricsAddress, held: edge.held() }
  const join = edge.gateway?.stats().join
  log.info({ edge: config.edge, programs: [...config.programs], ...(join && { join }), ...ready }, 'the edge is ready')
  tell({ ready })

  log.info(`stopping: ${await stop}`)
  await closeInTime(edge, log)
  return 0
}

const tell = (supervisor: EdgeReady | EdgeFailed): void => {
  if (process.connected) process.send?.(supervisor)
}

const failed = (message: string): 1 => {
  tell({ failed: { message } })
  return 1
}

interface ProcessWatch {
  /** Why to stop, by the first of: a signal, or the channel to the parent closing, which even its kill -9 does. */
  readonly stop: Promise<string>
  /** Takes the listeners away; the one for the channel would keep the process alive. */
  readonly end: () => void
}

function watchProcess(defect: (error: Error) => void): ProcessWatch {
  let stopFor: (reason: string) => void = () => undefined
  const stop = new Promise<string>((resolve) => {
    stopFor = resolve
  })
  const signals = ['SIGTERM', 'SIGINT'] as const
  for (const signal of signals) process.on(signal, stopFor)
  const unwatch = whenParentGoes(() => stopFor('the parent process is gone'))
  process.on('uncaughtException', defect)
  return {
    stop,
    end() {
      for (const signal of signals) process.off(signal, stopFor)
      unwatch()
      process.off('uncaughtException', defect)
    },
  }
}

async function closeInTime(edge: Edge, log: Logger): Promise<void> {
  const cancel = systemClock.after(closeLimitMs, () => {
    log.warn(`not closed within ${closeLimitMs} ms; what is open is cut`)
    process.exit(0)
  })
  await edge.close(drainMs).catch((error: unknown) => log.error({ err: error }, 'closing failed'))
  cancel()
}

function startSentence(error: NodeJS.ErrnoException, { dns }: EdgeConfig): string {
  const place = `${dns.host} port ${dns.port}`
  if (error.code === 'EADDRINUSE') return `POSTERN_DNS_PORT: ${place} is in use by another program; choose another`
  if (error.code === 'EACCES') return `POSTERN_DNS_PORT: ${place} may not be bound by this user; choose one from 1024`
  if (error.code === 'EADDRNOTAVAIL') return `POSTERN_DNS_HOST: ${dns.host} is no address of this machine`
  return `the edge could not start: ${error.message}`
}
