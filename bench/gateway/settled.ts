// What a process holds. V8 keeps the room that much work took (some 25 MiB for new objects) until little has been asked of it for
// a while, then gives it back by itself. So there are two figures: after the garbage of the work is gone, and at rest.

import { setTimeout as wait } from 'node:timers/promises'
import { ownKib, withChildren } from './process-usage.ts'

const collectMs = 500
const restMs = 90_000

/** KiB of its own memory; of one that SIGUSR2 makes collect its garbage, or that makes none. */
export async function settled(pid: number): Promise<number> {
  for (let time = 0; time < 2; time += 1) {
    for (const each of withChildren(pid)) process.kill(each, 'SIGUSR2')
    await wait(collectMs)
  }
  return ownKib(pid)
}

/** The same once nothing has been asked of it for a minute and a half. */
export async function rested(pid: number): Promise<number> {
  await wait(restMs)
  return ownKib(pid)
}
