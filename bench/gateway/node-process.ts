// A child that runs a built file and ends with its parent.

import { type ChildProcess, fork } from 'node:child_process'

export interface NodeProcess {
  readonly child: ChildProcess
  readonly pid: number
  /** What it says next. Rejects when it ends before that. */
  readonly said: <Message>() => Promise<Message>
  /** SIGTERM; resolves when it is gone. */
  readonly close: () => Promise<void>
}

interface NodeOptions {
  readonly args?: readonly string[]
  readonly execArgv?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export function startNode(file: string, { args = [], execArgv = [], env = {} }: NodeOptions = {}): NodeProcess {
  const child = fork(file, args, {
    execArgv: [...execArgv],
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let complaint = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000)
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    child,
    pid: child.pid ?? 0,
    said: () =>
      new Promise((resolve, reject) => {
        child.once('message', (message) => resolve(message as never))
        void gone.then(() => reject(new Error(`${file} ended: ${complaint}`)))
      }),
    async close() {
      child.kill('SIGTERM')
      if (child.connected) child.disconnect()
      await gone
    },
  }
}
