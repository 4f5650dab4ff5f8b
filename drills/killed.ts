// A gateway that can be killed: `kill -9`, as the kernel ends it.

import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { GatewayStart } from './doorway.ts'

export interface GatewayProcess {
  /** Resolves when it is gone. */
  kill(): Promise<void>
  close(): Promise<void>
}

export async function startGatewayProcess(start: GatewayStart): Promise<GatewayProcess> {
  const child = fork(fileURLToPath(new URL('gateway-process.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const listening = new Promise<void>((resolve) => child.once('message', () => resolve()))
  child.send(start)
  await Promise.race([
    listening,
    gone.then(() => Promise.reject(new Error(`a gateway at ${start.host} ended before it listened`))),
  ])
  const kill = (): Promise<void> => {
    child.kill('SIGKILL')
    return gone
  }
  return { kill, close: kill }
}
