// What a process has used, from /proc, in all of its threads.

import { readdirSync, readFileSync } from 'node:fs'

/** Microseconds on a CPU since it started. Throws where there is no such process, or no Linux. */
export function cpuMicros(pid: number): number {
  const tasks = `/proc/${pid}/task`
  let nanos = 0
  for (const thread of readdirSync(tasks))
    nanos += Number(readFileSync(`${tasks}/${thread}/schedstat`, 'utf8').split(' ')[0])
  return nanos / 1000
}

/** KiB of its own memory that are resident; files it has mapped do not count. */
export function ownKib(pid: number): number {
  const [, kib] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  if (kib === undefined) throw new Error(`/proc/${pid}/status says nothing of RssAnon`)
  return Number(kib)
}
