// What a process has used, from /proc, in all of its threads, and on which core it may run.

import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** It, and the processes that it and they have started and that are still there. Throws where there is none, or no Linux. */
export const withChildren = (pid: number): readonly number[] => [
  pid,
  ...readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' '))
    .filter((child) => child !== '')
    .flatMap((child) => withChildren(Number(child))),
]

const sum = (of: (pid: number) => number, pid: number): number =>
  withChildren(pid).reduce((total, each) => total + of(each), 0)

/** Microseconds on a CPU since it started, its children's too. Throws as above. */
export const cpuMicros = (pid: number): number => sum(cpuMicrosOf, pid)

function cpuMicrosOf(pid: number): number {
  const tasks = `/proc/${pid}/task`
  let nanos = 0
  for (const thread of readdirSync(tasks))
    nanos += Number(readFileSync(`${tasks}/${thread}/schedstat`, 'utf8').split(' ')[0])
  return nanos / 1000
}

/** KiB of its own memory and its children's that are resident; files they have mapped do not count. */
export const ownKib = (pid: number): number => sum(ownKibOf, pid)

function ownKibOf(pid: number): number {
  const [, kib] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  if (kib === undefined) throw new Error(`/proc/${pid}/status says nothing of RssAnon`)
  return Number(kib)
}

/**
 * Whether `keepOnCore` can. Where the machine does nothing else it takes the scheduler's luck out of what is measured; where
 * it does, it only makes everybody wait.
 */
export const canKeepOnCore = (): boolean =>
  cpus().length > 1 && spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0

/** All threads that it has and will have; null: on any again. Throws where there is no such process. */
export function keepOnCore(pid: number, core: number | null): void {
  const cores = core === null ? `0-${cpus().length - 1}` : `${core}`
  const { status, stderr } = spawnSync('taskset', ['-a', '-cp', cores, `${pid}`], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`taskset: ${stderr}`)
}

/** It gives its core to whoever else has something to do there, at once; or no longer. False where one cannot say so. */
export const standBack = (pid: number, back: boolean): boolean =>
  spawnSync('chrt', ['-a', back ? '-i' : '-o', '-p', '0', `${pid}`], { stdio: 'ignore' }).status === 0
