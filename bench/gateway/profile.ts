// Where a process spent its time, out of what `node --cpu-prof` leaves: the share of each function itself, largest first.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { table } from '../figures.ts'

interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const shown = 40

/** Of the newest profile in the folder. Idle time is left out. */
export async function hotFunctions(folder: string): Promise<string> {
  const [newest] = (await readdir(folder))
    .filter((name) => name.endsWith('.cpuprofile'))
    .toSorted()
    .toReversed()
  if (newest === undefined) throw new Error(`there is no profile in ${folder}`)
  const { nodes, samples, timeDeltas } = JSON.parse(await readFile(join(folder, newest), 'utf8')) as Profile
  const nameOf = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'} ${url.split('/').at(-1) ?? ''}${lineNumber > 0 ? `:${lineNumber + 1}` : ''}`,
    ]),
  )
  const micros = new Map<string, number>()
  for (const [at, id] of samples.entries()) {
    const name = nameOf.get(id) ?? '?'
    if (name.startsWith('(idle)')) continue
    micros.set(name, (micros.get(name) ?? 0) + (timeDeltas[at] ?? 0))
  }
  const total = [...micros.values()].reduce((sum, each) => sum + each, 0)
  const hottest = [...micros].toSorted(([, one], [, other]) => other - one).slice(0, shown)
  return table([
    ['function', 'share'],
    ...hottest.map(([name, each]) => [name.trimEnd(), `${((100 * each) / total).toFixed(1)} %`]),
  ])
}
