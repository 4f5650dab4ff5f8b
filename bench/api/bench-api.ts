// What the API costs, over loopback from one client to one real server process: list, describe and create, on the
// embedded store and on PostgreSQL, at 100 to 100,000 rows. Beside each list the same bytes from a bare node:http server,
// and beside each describe `/readyz`, which is one trivial select of the same store.

import { fork } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { regions } from '../../packages/contract/src/cloud.ts'
import { startPostgres, whyNoPostgres } from '../../packages/control-plane/src/store/postgres-server.testing.ts'
import { buildTemplate } from '../../packages/control-plane/src/store/template.ts'
import { bundle } from '../../packages/postern/build.ts'
import { type BenchClient, bearerClient, digestClient, type Wish } from './client.ts'
import { type Figure, figureOf, inMs, sample, table } from './figures.ts'
import { nthService } from './rows.ts'
import { startWorld, type World } from './world.ts'

const cache = fileURLToPath(new URL('../../node_modules/.cache/postern-bench/', import.meta.url))
const peerFile = fileURLToPath(new URL('./peer.ts', import.meta.url))

const help = `npm run bench -- api [--store embedded|postgres|both] [--rows 100,1000,10000,100000] [--times 40]\n`

/** Prints the table on stdout and what it is doing on stderr. */
export async function benchApi(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      store: { type: 'string', default: 'both' },
      rows: { type: 'string', default: '100,1000,10000,100000' },
      times: { type: 'string', default: '40' },
    },
  })
  const rows = values.rows.split(',').map(Number)
  const times = Number(values.times)
  const stores = ['embedded', 'postgres'].filter((store) => values.store === 'both' || values.store === store)
  if (stores.length === 0 || ![...rows, times].every((number) => Number.isInteger(number) && number > 0)) {
    process.stderr.write(help)
    process.exitCode = 1
    return
  }
  const why = stores.includes('postgres') ? await whyNoPostgres() : null
  if (why !== null) throw new Error(why)
  await mkdir(cache, { recursive: true })
  const template = `${cache}store-template.tgz`
  await bundle(cache)
  await buildTemplate(template)
  const lines: (readonly string[])[] = [['ms', 'p50', 'p99', 'n', 'peer p50', 'ratio']]
  try {
    for (const store of stores) {
      const postgres = store === 'postgres' ? await startPostgres({ fsync: true }) : null
      try {
        for (const count of rows) {
          process.stderr.write(`${store}, ${count} rows\n`)
          const databaseUrl = postgres === null ? null : await postgres.freshDatabase()
          const world = await startWorld({ bin: `${cache}bin.js`, databaseUrl, template, rows: count })
          try {
            for (const line of await measure(world, { rows: count, times }))
              lines.push([`${store}, ${count}: ${line[0]}`, ...line.slice(1)])
          } finally {
            await world.close()
          }
        }
      } finally {
        await postgres?.stop()
      }
    }
  } finally {
    await rm(cache, { recursive: true, force: true })
  }
  process.stdout.write(`Node ${process.version}, ${cpus().length} cores\n\n${table(lines)}`)
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
    const creations = await create(bearer, world, Math.min(times, Math.floor(createRegions.length / 2)))
    const rate = await createTogether(world)
    return [
      against('describe, bearer', described, select),
      against('describe, digest (two requests)', digested, select),
      against('list all', listed, bare),
      ['create', ...inMs(creations.answered)],
      ['create to AVAILABLE', ...inMs(creations.available)],
      ['creates a second, 8 clients', rate.toFixed(0)],
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
    while (!(await client.ask({ method: 'GET', path })).text.includes('"AVAILABLE"')) {}
    available.push(performance.now() - began)
  }
  return { answered: figureOf(answered), available: figureOf(available) }
}

const clients = 8

/** Acknowledged a second, by several clients at once, in the regions that `create` left. */
async function createTogether({ url, authorization, otherGroupId }: World): Promise<number> {
  const path = `/api/atlas/v2/groups/${otherGroupId}/privateEndpoint/endpointService`
  const left = createRegions.slice(Math.floor(createRegions.length / 2)).values()
  let made = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: clients }, async () => {
      const client = bearerClient(url, authorization)
      for (const body of left) {
        await client.ask({ method: 'POST', path, body })
        made += 1
      }
      client.close()
    }),
  )
  return made / ((performance.now() - began) / 1000)
}
