// For tests only: the real sandbox as a process of its own, the way the supervisor runs it. By its path and not by an
// import, because the control plane never imports the roof.

import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

const main = new URL('../../../postern/src/sandbox/main.ts', import.meta.url)
const readyMessage = z.object({ ready: z.object({ adminUrl: z.string() }) })

export interface SandboxProcess {
  readonly url: string
  readonly token: string
  /** Another process on the same folder, as after a crash; the old one is killed at once. */
  readonly restart: () => Promise<SandboxProcess>
  readonly stop: () => Promise<void>
}

/** Starts a sandbox in a temporary folder; resolves when its admin door is open. */
export const startSandbox = async (): Promise<SandboxProcess> => run(await mkdtemp(join(tmpdir(), 'postern-sandbox-')))

const run = async (dataDir: string): Promise<SandboxProcess> => {
  const token = randomBytes(24).toString('hex')
  const program = `import(${JSON.stringify(main.href)}).then(({ sandboxMain }) => sandboxMain(process.env))`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    env: {
      PATH: process.env.PATH,
      POSTERN_SANDBOX_DIR: dataDir,
      POSTERN_SANDBOX_PORT: '0',
      POSTERN_SANDBOX_TOKEN: token,
      POSTERN_LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [message] = await Promise.race([once(child, 'message'), failed(child)])
  return {
    url: readyMessage.parse(message).ready.adminUrl,
    token,
    restart: async () => {
      await end(child, 'SIGKILL')
      return run(dataDir)
    },
    stop: async () => {
      await end(child, 'SIGTERM')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

const failed = async (child: ChildProcess): Promise<never> => {
  const [code] = await once(child, 'exit')
  throw new Error(`the sandbox ended with ${code} before it was ready`)
}

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  const lost = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await ended
  clearTimeout(lost)
}
