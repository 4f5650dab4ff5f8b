// Workers as processes of their own. What they must know comes over the line; of the environment they get what is not ours,
// and of arguments none, so that no secret stands in either.

import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Hired } from './hand.ts'

const isSource = import.meta.url.endsWith('.ts')
/** Beside the bundle, or the source of it; see packages/postern/build.ts. */
const entry = fileURLToPath(new URL(isSource ? 'worker-main.ts' : 'gateway-worker.js', import.meta.url))

export function hireProcess(): Hired {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('POSTERN_')))
  const child = fork(entry, [], {
    env,
    ...(isSource && { execArgv: ['--import', 'tsx'] }),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const gone = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `it ended with ${code}`))
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(error.message) // it was never there; else its end is told
    })
  })
  return {
    line: {
      send(message, socket) {
        // Node.js keeps lists of a server's sockets on either side, and asks for them when it closes, unless it knows of none.
        if (socket !== undefined) Object.assign(socket, { server: null })
        child.send(message as object, socket, { keepOpen: true }, () => {}) // that it could not be sent is told by its end
      },
      listen: (heard) => void child.on('message', heard),
    },
    kill: () => void child.kill('SIGKILL'),
    dismiss() {
      if (child.connected) child.disconnect()
    },
    gone,
  }
}
