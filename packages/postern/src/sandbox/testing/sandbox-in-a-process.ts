// Runs the sandbox as a process of its own, for tests that kill it.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { AdminDoor, adminToken } from './sandbox-under-test.ts'

export type SandboxProcess = { readonly child: ChildProcess; readonly door: AdminDoor; readonly log: () => string }

export async function startProcess(dataDir: string): Promise<SandboxProcess> {
  const child = fork(new URL('../sandbox-process.ts', import.meta.url), {
    execArgv: ['--import', 'tsx'],
    env: {
      PATH: process.env.PATH,
      POSTERN_SANDBOX_DIR: dataDir,
      POSTERN_SANDBOX_TOKEN: adminToken,
      POSTERN_LOG_LEVEL: 'debug',
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let log = ''
  child.stderr?.on('data', (chunk) => {
    log += chunk
  })
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the sandbox ended: ${log}`)
  })
  const [message] = await Promise.race([once(child, 'message'), ended])
  ended.catch(() => undefined)
  return { child, door: new AdminDoor(message.ready.adminUrl), log: () => log }
}

export async function kill({ child }: SandboxProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exit = once(child, 'exit')
  child.kill(signal)
  const [code] = await exit
  return code
}
