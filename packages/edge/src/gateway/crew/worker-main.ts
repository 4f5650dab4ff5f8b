// A worker of a crew as a process. It ends with its primary, at once: nobody could tell it any more who is to be cut off. Signals
// that a terminal or an init system sends to all processes are the primary's to follow.

import { randomBytes } from 'node:crypto'
import { Socket } from 'node:net'
import { whenParentGoes } from '@postern/contract/parent-process'
import { destination, pino } from 'pino'
import { withoutSecrets } from '../../without-secrets.ts'
import { descriptorLimit } from '../descriptors.ts'
import { joinMethod } from '../join/open-relay.ts'
import { linesOver } from './lines.ts'
import { serveCrew } from './worker.ts'

const formatters = { log: withoutSecrets, bindings: withoutSecrets }
let log = pino({ name: 'edge', formatters }, destination({ dest: 2, sync: true }))

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {})
whenParentGoes(() => process.exit(0))
process.on('uncaughtException', (error) => {
  log.fatal({ err: error }, 'a defect: this worker ends, and is started again')
  process.exit(1)
})

const lines = linesOver(new Socket({ fd: 4 }))

serveCrew(
  {
    send: lines.send,
    listen(heard) {
      lines.listen(heard)
      process.on('message', (message, socket) => heard(message, socket as Socket | undefined)) // those that come with a socket
    },
  },
  {
    clock: { now: Date.now },
    randomBytes,
    log({ worker, logLevel }) {
      log = log.child({ program: 'gateway', worker })
      log.level = logLevel
      return log
    },
    method: joinMethod,
    descriptors: () => ({ limit: descriptorLimit(), each: 2 }),
    usage() {
      const { user, system } = process.cpuUsage()
      return { cpuSeconds: (user + system) / 1e6, residentBytes: process.memoryUsage.rss() }
    },
  },
)
