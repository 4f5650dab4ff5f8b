// Workers as processes of their own. What they must know comes over the line; of the environment they get what is not ours,
// and of arguments none, so that no secret stands in either.

import { type ChildProcess, fork } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Hired } from './hand.ts'
import { linesOver } from './lines.ts'

const isSource = import.meta.url.endsWith('.ts')
/** Beside the bundle, or the source of it; see packages/postern/build.ts. */
const entry = fileURLToPath(new URL(isSource ? 'worker-main.ts' : 'gateway-worker.js', import.meta.url))

/** One for whom there is no memory, process or descriptor is gone at once. */
export function hireProcess(): Hired {
  try {
    return hired(forked())
  } catch (error) {
    return neverThere((error as Error).message)
  }
}

const neverThere = (why: string): Hired => ({
  line: { send() {}, listen() {} },
  kill() {},
  dismiss() {},
  gone: Promise.resolve(why),
})

const forked = (): ChildProcess =>
  fork(entry, [], {
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('POSTERN_'))),
    ...(isSource && { execArgv: ['--import', 'tsx'] }),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'], // the last is what worker-main.ts speaks over
  })

function hired(child: ChildProcess): Hired {
  const gone = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `it ended with ${code}`))
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(error.message) // it was never there; else its end is told
    })
  })
  const pipe = child.stdio[4] as Socket | null | undefined // none where it was never there
  const lines = pipe ? linesOver(pipe) : null
  return {
    line: {
      send(message, socket) {
        if (!child.connected) return // it was never there, or is gone: that is told by its end
        if (socket === undefined) {
          lines?.send(message)
          return
        }
        // Node.js keeps lists of a server's sockets on either side, and asks for them when it closes, unless it knows of none.
        Object.assign(socket, { server: null })
        child.send(message as object, socket, { keepOpen: true }, () => {}) // its end tells, too, that it could not be sent
      },
      listen: (heard) => lines?.listen(heard),
    },
    kill: () => void child.kill('SIGKILL'),
    dismiss() {
      if (child.connected) child.disconnect()
    },
    gone,
  }
}
