// What the API costs, over loopback from one client to one real server process: list, describe and create, on the
// embedded store and on PostgreSQL, at 100 to 100,000 rows. Beside each list the same bytes from a bare node:http server,
// and beside each describe `/readyz`, which is one trivial select of the same store.

import { fork } from 'node:child_process'
import { cpus } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { regions } from '../../packages/contract/src/cloud.ts'
import { type Figure, figureOf, inMs, sample, table } from '../figures.ts'
import { prepareGround } from '../ground.ts'
import { storesCalled, wholeNumbers } from '../usage.ts'
import { type BenchClient, bearerClient, digestClient, type Wish } from './client.ts'
import { nthService, putServices } from './rows.ts'
import { startWorld, type World } from './world.ts'

const peerFile = fileURLToPath(new URL('./peer.ts', import.meta.url))

/** No store is begun that would likely end after it. */
const limitMs = 225_000

/** A start looks at what stands, three hundred services of it; what is measured is a server at rest. */
const firstLookMs = 4000

export const apiFlags = '[--store embedded|postgres|both] [--rows 100,1000,10000,100000] [--times 40]'

/** Prints the table on stdout and what it is doing on stderr. Throws UsageError, and what parseArgs throws. */
export async function benchApi(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      store: { type: 'string', default: 'both' },
      rows: { type: 'string', default: '100,1000,10000,100000' },
      times: { type: 'string', default: '40' },
    },
  })
  const began = performance.now()
  const rows = wholeNumbers('rows', values.rows)
  const [times = 1] = wholeNumbers('times', values.times)
  const stores = storesCalled(values.store)
  const ground = await prepareGround(stores)
  const lines: Line[] = [['ms', 'p50', 'p99', 'n', 'peer p50', 'ratio']]
  const left: string[] = []
  try {
    // The small ones of both stores first: what there is no time for are the largest.
    for (const { store, count, likelyMs } of plan(stores, rows)) {
      const what = `${store}, ${count} rows`
      if (performance.now() - began + likelyMs() > limitMs) {
        left.push(`${what}: it would have taken longer than this run may; ask for it alone (--store, --rows)`)
        continue
      }
      process.stderr.write(`${what}\n`)
      try {
        const world = await startWorld({
          ...ground,
          databaseUrl: await ground.databaseFor(store),
          fill: (open, { groupId }) => putServices(open, { groupId, count }),
          withEdge: true,
        })
        try {
          await wait(firstLookMs)
          for (const [says = '', ...figures] of await measure(world, { rows: count, times }))
            lines.push([`${store}, ${count}: ${says}`, ...figures])
        } finally {
          await world.close()
        }
      } catch (error) {
        left.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  } finally {
    await ground.close()
  }
  process.stdout.write(`Node ${process.version}, ${cpus().length} cores\n\n${table(lines)}`)
  if (left.length > 0) process.stdout.write(`\nNot measured\n${left.map((line) => `  ${line}\n`).join('')}`)
}

/** Each with how long it is likely to take: most of a run does not grow with its rows, so four times the last at most. */
function* plan<Name>(stores: readonly Name[], rows: readonly number[]) {
  const last = new Map<Name, { readonly count: number; readonly tookMs: number }>()
  for (const count of rows.toSorted((one, other) => one - other)) {
    for (const store of stores) {
      const before = last.get(store)
      const began = performance.now()
      const likelyMs = () => (before === undefined ? 0 : before.tookMs * Math.min(4, count / before.count))
      yield { store, count, likelyMs }
      last.set(store, { count, tookMs: performance.now() - began })
    }
  }
}

type Line = readonly string[]

async function measure(
  world: World,
  { rows, times }: { readonly rows: number; readonly times: number },
): Promise<readonly Line[]> {
  const bearer = bearerClient(world.url, world.authorization)
  const digest = digestClient(world.url, world.keys)
  const services = `/api/atlas/v2/groups/${world.groupId}/privateEndpoint/AWS/endpointService`
  const describe: Wish = { method: 'GET', path: `${services}/${nthService(Math.ceil(rows / 2))}` }
  const list: Wish = { method: 'GET', path: services }
  const ask = (client: BenchClient, wish: Wish, warmUp = 5) =>
    sample(times, warmUp, async () => (await client.ask(wish)).ms)
  try {
    const select = await ask(bearer, { method: 'GET', path: '/readyz' })
    const described = await ask(bearer, describe)
    const digested = await ask(digest, describe)
    const listed = await ask(bearer, list, 2)
    const bare = await bareListing((await bearer.ask(list)).text, times)
    const creations = await create(bearer, world, Math.min(times, createRegions.length))
    const attachments = await attach(bearer, world, Math.min(times, attachCount))
    const rate = await createTogether(world)
    return [
      against('describe, bearer', described, select),
      against('describe, digest (two requests)', digested, select),
      against('list all', listed, bare),
      ['create', ...inMs(creations.answered)],
      ['create to AVAILABLE', ...inMs(creations.available)],
      ['endpoint attached to AVAILABLE', ...inMs(attachments)],
      ['creates a second, 8 clients, 5 s', rate.toFixed(0)],
    ]
  } finally {
    bearer.close()
    digest.close()
  }
}

const against = (says: string, figure: Figure, peer: Figure): Line => [
  says,
  ...inMs(figure),
  peer.p50.toFixed(1),
  (figure.p50 / peer.p50).toFixed(1),
]

async function bareListing(body: string, times: number): Promise<Figure> {
  const child = fork(peerFile, [], { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  try {
    const url = await new Promise<string>((resolve, reject) => {
      child.once('message', (said) => resolve(String(said)))
      child.once('error', reject)
      child.send(body)
    })
    const client = bearerClient(url, null)
    const figure = await sample(times, 2, async () => (await client.ask({ method: 'GET', path: '/' })).ms)
    client.close()
    return figure
  } finally {
    child.kill()
  }
}

/** Every place where a project can have an AWS or Azure service. */
const createRegions = [
  ...Object.keys(regions.AWS).map((region) => ({ providerName: 'AWS', region })),
  ...Object.keys(regions.AZURE).map((region) => ({ providerName: 'AZURE', region })),
]

/** Whoever waits for AVAILABLE asks this often: without a pause the asking alone would keep a core busy. */
const betweenAsksMs = 5

/** One after another, each asked for again and again until it is AVAILABLE. */
async function create(
  client: BenchClient,
  { otherGroupId }: World,
  count: number,
): Promise<{ readonly answered: Figure; readonly available: Figure }> {
  const under = `/api/atlas/v2/groups/${otherGroupId}/privateEndpoint`
  const answered: number[] = []
  const available: number[] = []
  for (const body of createRegions.slice(0, count)) {
    const began = performance.now()
    const answer = await client.ask({ method: 'POST', path: `${under}/endpointService`, body })
    answered.push(answer.ms)
    const { id } = JSON.parse(answer.text) as { readonly id: string }
    const path = `${under}/${body.providerName}/endpointService/${id}`
    while (!(await client.ask({ method: 'GET', path })).text.includes('"AVAILABLE"')) await wait(betweenAsksMs)
    available.push(performance.now() - began)
  }
  return { answered: figureOf(answered), available: figureOf(available) }
}

const attachCount = 15

/** A consumer's endpoint for services that `create` left, one after another, each until an edge serves it. */
async function attach(client: BenchClient, { otherGroupId }: World, count: number): Promise<Figure> {
  const services = `/api/atlas/v2/groups/${otherGroupId}/privateEndpoint/AWS/endpointService`
  const listed = JSON.parse((await client.ask({ method: 'GET', path: services })).text) as readonly Service[]
  const ms: number[] = []
  for (const { id, endpointServiceName: serviceName } of listed.slice(0, count)) {
    const local = '/api/postern/v1/local/aws/vpcEndpoints'
    const made = await client.ask({ method: 'POST', path: local, body: { serviceName } })
    const { vpcEndpointId } = JSON.parse(made.text) as { readonly vpcEndpointId: string }
    const path = `${services}/${id}/endpoint`
    const began = performance.now()
    await client.ask({ method: 'POST', path, body: { id: vpcEndpointId } })
    const deadline = began + attachLimitMs
    while (!(await client.ask({ method: 'GET', path: `${path}/${vpcEndpointId}` })).text.includes('"AVAILABLE"'))
      if (performance.now() > deadline) throw new Error(`an endpoint was not AVAILABLE after ${attachLimitMs} ms`)
      else await wait(betweenAsksMs)
    ms.push(performance.now() - began)
  }
  return figureOf(ms)
}

interface Service {
  readonly id: string
  readonly endpointServiceName: string
}

const attachLimitMs = 30_000

const clients = 8
const sustainedMs = 5000
const projects = 14

/** Acknowledged a second, by several clients at once, for as long as told or until every place is taken. */
async function createTogether({ url, authorization, otherGroupId }: World): Promise<number> {
  const asker = bearerClient(url, authorization)
  const paths = await newProjects(asker, otherGroupId)
  asker.close()
  const places = createRegions.flatMap((body) => paths.map((path) => ({ path, body }))).values()
  let made = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: clients }, async () => {
      const client = bearerClient(url, authorization)
      for (const { path, body } of places) {
        await client.ask({ method: 'POST', path, body })
        made += 1
        if (performance.now() - began > sustainedMs) break
      }
      client.close()
    }),
  )
  return made / ((performance.now() - began) / 1000)
}

/** Where services of new, empty projects are made, in the organization of the one that is there. */
async function newProjects(client: BenchClient, groupId: string): Promise<readonly string[]> {
  const groups = '/api/atlas/v2/groups'
  const there = await client.ask({ method: 'GET', path: `${groups}/${groupId}` })
  const { orgId } = JSON.parse(there.text) as { readonly orgId: string }
  const paths: string[] = []
  for (let at = 0; at < projects; at += 1) {
    const made = await client.ask({ method: 'POST', path: groups, body: { name: `Sustained${at}`, orgId } })
    const { id } = JSON.parse(made.text) as { readonly id: string }
    paths.push(`${groups}/${id}/privateEndpoint/endpointService`)
  }
  return paths
}
