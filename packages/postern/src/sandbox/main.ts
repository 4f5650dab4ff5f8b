// The sandbox as a program: `runSandbox` for whoever composes it, `sandboxMain` for a process of its own that ends
// with its parent.
import { whenParentGoes } from '@postern/contract/parent-process'
import { type Logger, pino } from 'pino'
import { createAdminDoor } from './admin-door.ts'
import { Clusters } from './clusters.ts'
import { readSandboxConfig } from './config.ts'
import { lockFolder } from './folder-lock.ts'
import { listen } from './member.ts'

export type SandboxOptions = {
  /** Holds everything; one sandbox at a time. */
  readonly dataDir: string
  /** The address of the admin door and of every member. */
  readonly host?: string
  /** 0 = any free port. */
  readonly adminPort: number
  readonly adminToken: string
  readonly log: Logger
  readonly now?: () => number
  readonly random?: () => number
  /** From how many bytes of journal on a cluster is written as a whole. */
  readonly compactAt?: number
}

export type Sandbox = { readonly adminUrl: string; close(): Promise<void> }

/**
 * Opens every cluster in `dataDir`, each on the ports it had, and then the admin door.
 * @throws Error when another sandbox holds the folder, its data is damaged, or the admin port is taken
 */
export async function runSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { dataDir, host = '127.0.0.1', adminPort, adminToken, log } = options
  const lock = await lockFolder(dataDir)
  try {
    const clusters = await Clusters.open({
      dataDir,
      address: host,
      log,
      now: options.now ?? Date.now,
      random: options.random ?? Math.random,
      compactAt: options.compactAt ?? 16 * 1024 * 1024,
    })
    const door = createAdminDoor({ clusters, token: adminToken, log })
    const close = async (): Promise<void> => {
      const closed = door.listening ? new Promise((resolve) => door.close(resolve)) : undefined
      door.closeAllConnections()
      await Promise.all([closed, clusters.close()])
      await lock.release()
    }
    try {
      await listen(door, { host, port: adminPort })
    } catch (cause) {
      await close()
      throw cause
    }
    const address = door.address()
    const port = typeof address === 'object' && address ? address.port : adminPort
    log.info({ clusters: clusters.list().length, port }, 'the sandbox is ready')
    return { adminUrl: `http://${host}:${port}`, close }
  } catch (cause) {
    await lock.release()
    throw cause
  }
}

/**
 * Runs until SIGTERM or the parent's end; without a parent also until SIGINT or SIGHUP. Says `{ ready: { adminUrl } }`
 * to a parent over IPC, and without one prints `{"adminUrl": ...}` as a line on standard output.
 * @throws ConfigError, and what `runSandbox` throws
 */
export async function sandboxMain(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const { logLevel, ...config } = readSandboxConfig(env)
  const log = pino({ name: 'sandbox', level: logLevel }, pino.destination({ fd: 2, sync: true }))
  const stop = new Promise<string>((resolve) => {
    process.on('SIGTERM', () => resolve('SIGTERM'))
    // A terminal says these to every program at once; a supervisor ends this one last, when nobody talks to it any more.
    for (const signal of ['SIGINT', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (!process.connected) resolve(signal)
      })
    whenParentGoes(() => resolve('the parent has ended'))
  })
  const sandbox = await runSandbox({ ...config, log })
  const ready = { adminUrl: sandbox.adminUrl }
  if (process.send) process.send({ ready })
  else process.stdout.write(`${JSON.stringify(ready)}\n`)
  const reason = await stop
  log.info({ reason }, 'the sandbox stops')
  await sandbox.close()
  if (process.connected) process.disconnect()
}
