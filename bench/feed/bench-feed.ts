// What a change costs where there are many endpoints. First the wholes alone, all three of them built and stored by a turn
// in this process: when nothing was there yet (members get their places by the way), and again after one endpoint changed.
// Then the way to the gateways of a real server: an endpoint is deleted over the API, and the clock stops when every
// gateway has what changed to its last byte.

import { cpus } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createTestParts } from '../../packages/control-plane/src/http/testing.ts'
import type { Store } from '../../packages/control-plane/src/parts.ts'
import { createEdgeNews } from '../../packages/control-plane/src/resources/edge/news.ts'
import { feedReconciler } from '../../packages/control-plane/src/resources/feed/reconcile.ts'
import { everyFeed } from '../../packages/control-plane/src/resources/feed/wake.ts'
import { type BenchClient, bearerClient } from '../api/client.ts'
import { startWorld, type World } from '../api/world.ts'
import { figureOf, inMs, sample, table } from '../figures.ts'
import { prepareGround } from '../ground.ts'
import { storesCalled, wholeNumbers } from '../usage.ts'
import { createGateway, type Gateway } from './gateway.ts'
import { moveEndpoint, nthEndpoint, putEndpoints } from './rows.ts'

export const feedFlags = '[--store embedded|postgres|both] [--endpoints 10000] [--gateways 1,100] [--times 10]'

/** A start looks at what stands, three hundred of each kind. */
const firstLookMs = 6000

/** Prints the table on stdout and what it is doing on stderr. Throws UsageError, and what parseArgs throws. */
export async function benchFeed(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      store: { type: 'string', default: 'both' },
      endpoints: { type: 'string', default: '10000' },
      gateways: { type: 'string', default: '1,100' },
      times: { type: 'string', default: '10' },
    },
  })
  const stores = storesCalled(values.store)
  const [count = 1] = wholeNumbers('endpoints', values.endpoints)
  const gateways = wholeNumbers('gateways', values.gateways)
  const [times = 1] = wholeNumbers('times', values.times)
  const ground = await prepareGround(stores)
  const lines: Line[] = [['ms', 'p50', 'p99', 'n', 'MB']]
  try {
    for (const store of stores) {
      process.stderr.write(`${store}, ${count} endpoints\n`)
      const add = ([says = '', ...figures]: Line) =>
        void lines.push([`${store}, ${count} endpoints: ${says}`, ...figures])
      const world = await startWorld({
        ...ground,
        databaseUrl: await ground.databaseFor(store),
        fill: async (open) => {
          await putEndpoints(open, { count })
          for (const line of await measureBuilding(open, times)) add(line)
        },
        withEdge: false,
      })
      try {
        for (const line of await measure(world, { gateways, times })) add(line)
      } finally {
        await world.close()
      }
    }
  } finally {
    await ground.close()
  }
  process.stdout.write(`Node ${process.version}, ${cpus().length} cores\n\n${table(lines)}`)
}

type Line = readonly string[]

async function measureBuilding(store: Store, times: number): Promise<readonly Line[]> {
  const feeds = feedReconciler(createTestParts(store), createEdgeNews())
  const build = async (): Promise<number> => {
    const began = performance.now()
    await feeds.turn(everyFeed)
    return performance.now() - began
  }
  const first = figureOf([await build()])
  const again = await sample(times, 1, async (turn) => {
    await moveEndpoint(store, turn)
    return build()
  })
  return [
    ['the first wholes', ...inMs(first)],
    ['wholes after one change', ...inMs(again)],
  ]
}

async function measure(
  world: World,
  { gateways, times }: { readonly gateways: readonly number[]; readonly times: number },
): Promise<readonly Line[]> {
  const lines: Line[] = []
  await wait(firstLookMs)
  const client = bearerClient(world.url, world.authorization)
  let deleted = 0
  for (const count of gateways) {
    const all = gatewaysOf(world, count)
    const first = await all.next()
    lines.push([`the first whole at ${count} ${of(count)}`, '', '', '', inMb(count * first.bytes)])
    let sent = 0
    const figure = await sample(times, 1, async () => {
      const { ms, bytes } = await changeOne(client, all, nthEndpoint(deleted++))
      sent = count * bytes
      return ms
    })
    lines.push([`one change at ${count} ${of(count)}`, ...inMs(figure), inMb(sent)])
    all.close()
  }
  client.close()
  return lines
}

const of = (count: number): string => (count === 1 ? 'gateway' : 'gateways')

async function changeOne(
  client: BenchClient,
  gateways: Gateway,
  path: string,
): Promise<{ readonly ms: number; readonly bytes: number }> {
  const changed = gateways.next()
  const began = performance.now()
  await client.ask({ method: 'DELETE', path })
  const { bytes } = await changed
  return { ms: performance.now() - began, bytes }
}

/** Many that go together: `next` is when the last of them has it, and the bytes are one's. */
const gatewaysOf = ({ url, edgeAuthorization: authorization }: World, count: number): Gateway => {
  const all = Array.from({ length: count }, (_, at) => createGateway(url, { name: `bench-${at}`, authorization }))
  return {
    next: async () => {
      const [one] = await Promise.all(all.map((gateway) => gateway.next()))
      return one ?? { bytes: 0 }
    },
    close: () => {
      for (const gateway of all) gateway.close()
    },
  }
}

const inMb = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e6 ? 3 : 1)
