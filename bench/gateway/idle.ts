// As many idle connections as one edge lets in: what each of them holds, what becomes of the next one, and whether those
// that are in are still served. Client, edge and member each have their own descriptors.

import { setTimeout as wait } from 'node:timers/promises'
import type { Load } from './load.ts'
import { rested, settled } from './settled.ts'
import type { Running, Target } from './targets.ts'

const replyBytes = 200
const aFew = 10
const settleMs = 500
/** More than any machine's descriptors. */
const endless = 1_000_000

/** `most`: stop there; null: where the edge stops. Prints what it found. */
export async function holdIdle(
  target: Target,
  { load, most }: { readonly load: Load; readonly most: number | null },
): Promise<void> {
  const running = await target.start({ collects: true })
  try {
    for (const line of await found(running, load, most)) process.stdout.write(`${line}\n`)
  } finally {
    await running.close()
  }
}

async function found(running: Running, load: Load, most: number | null): Promise<readonly string[]> {
  const door = running.doors.plain
  const { pid } = running
  if (door === undefined || pid === null) throw new Error('there is nothing to measure')
  const fill = async (connections: number): Promise<number> =>
    (await load.ask({ do: 'fill', door, connections, replyBytes })).operations
  await fill(aFew)
  const before = await settled(pid)
  const inside = aFew + (await fill((most ?? endless) - aFew))
  const after = await settled(pid)
  const atRest = await rested(pid)
  const each = (kib: number): string => ((kib - before) / (inside - aFew)).toFixed(1)
  const refused = await refusals(running)
  const { operations: answered } = await load.ask({ do: 'ask all', replyBytes })
  await load.ask({ do: 'release', count: 1 })
  await wait(settleMs)
  const again = await fill(1)
  return [
    `${inside} connections are in, ${each(after)} KiB each, ${each(atRest)} once nothing was asked for a while`,
    refused.length === 0 ? 'none was refused' : `refused: ${refused.join(', ')}`,
    `${answered} of them were answered once more`,
    `after one had left, ${again === 1 ? 'another was let in' : 'no other was let in'}`,
  ]
}

async function refusals({ metrics }: Running): Promise<readonly string[]> {
  const text = await (await fetch(`http://${metrics}/metrics`)).text()
  return [...text.matchAll(/^postern_gateway_refused_total\{.*?code="(\w+)".*?\} (\d+)$/gm)].map(
    ([, code, count]) => `${count} ${code}`,
  )
}
