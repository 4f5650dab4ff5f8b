// Three control planes on one PostgreSQL: they start at once on an empty database, believe each other's nonces and tokens,
// forget together, wake each other's edges, and share the work; one is killed in the middle of 500 creations, and
// nothing that was acknowledged is lost or done twice.

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CloudProvider, cloudProviders, regions } from '@postern/contract/cloud'
import { byDigest } from '@postern/control-plane/http/testing'
import { type PostgresServer, startPostgres, whyNoPostgres } from '@postern/control-plane/store/postgres-server.testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../src/up/wait.ts'
import { askPlane, type Fleet, fleetClient, type Plane, proofFor, startFleet } from './fleet.ts'
import { type IndependentSet, startIndependentSet } from './independent-set.ts'
import { type ProgramProcess, startProgram } from './program-process.ts'

const why = await whyNoPostgres()

describe.skipIf(why !== null)(`three control planes on one PostgreSQL${why === null ? '' : `: ${why}`}`, () => {
  let postgres: PostgresServer
  let databaseUrl: string
  let fleet: Fleet
  let edge: ProgramProcess<unknown>
  let set: IndependentSet
  let folder: string
  let groupId: string
  let orgId: string

  const rows = <Row>(text: string): Promise<readonly Row[]> => postgres.rows<Row>(databaseUrl, text)
  const plane = (at: number): Plane => {
    const found = fleet.planes[at]
    if (found === undefined) throw new Error(`no control plane ${at}`)
    return found
  }
  const owner = () => byDigest(fleet.keys.publicKey, fleet.keys.privateKey)

  beforeAll(async () => {
    postgres = await startPostgres()
    databaseUrl = await postgres.freshDatabase()
    folder = await mkdtemp(join(tmpdir(), 'postern-fleet-edge-'))
    const starting = startIndependentSet({ tls: false })
    fleet = await startFleet(databaseUrl, 3)
    set = await starting
    // It follows the second one, which outlives the first.
    edge = await startProgram({
      word: 'edge',
      env: {
        POSTERN_URL: plane(1).ready.url,
        POSTERN_EDGE: 'edge-of-the-fleet',
        POSTERN_EDGE_TOKEN: fleet.edgeToken,
        POSTERN_EDGE_DIR: folder,
        POSTERN_FORWARDER_KEY: randomBytes(32).toString('hex'),
      },
    })
    const [group] = await rows<{ id: string; org_id: string }>(`select id, org_id from "group"`)
    groupId = group?.id ?? ''
    orgId = group?.org_id ?? ''
  })
  afterAll(async () => {
    await edge?.kill()
    await fleet?.stop()
    await set?.stop()
    await postgres?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  test('the database was migrated once and seeded once, though all three started on an empty one', async () => {
    const names = (await rows<{ name: string }>('select name from kysely_migration')).map(({ name }) => name)
    expect(names.length).toBeGreaterThan(4)
    expect(new Set(names).size).toBe(names.length)
    for (const [table, count] of [
      ['store_mark', 1],
      ['organization', 1],
      ['"group"', 1],
      ['app_user', 1],
      ['api_key', 1],
      ['service_account', 1],
    ] as const)
      expect([table, ...(await rows(`select count(*)::int as count from ${table}`))]).toEqual([table, { count }])
    const made = await rows<{ type: string; count: number }>(
      `select type, count(*)::int as count from event where type in ('ORG_CREATED', 'GROUP_CREATED') group by type order by type`,
    )
    expect(made).toEqual([
      { type: 'GROUP_CREATED', count: 1 },
      { type: 'ORG_CREATED', count: 1 },
    ])
  })

  test('a nonce from one is good at another, once', async () => {
    const wish = { method: 'GET', path: '/api/atlas/v2/groups' }
    const proof = await proofFor(plane(0), wish, owner())
    expect((await askPlane(plane(1), wish, proof)).status).toBe(200)
    for (const at of [0, 1, 2]) {
      const replayed = await askPlane(plane(at), wish, proof)
      expect(replayed.status).toBe(401)
      expect(replayed.headers.get('www-authenticate')).toContain('stale=true')
    }
  })

  test('a proof that all three get at the same moment is believed by one', async () => {
    const wish = { method: 'GET', path: '/api/atlas/v2/groups' }
    const proof = await proofFor(plane(0), wish, owner())
    const answers = await Promise.all(fleet.planes.map((each) => askPlane(each, wish, proof)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401])
  })

  test('a token from one is good at another, and revoked at one it is refused by all', async () => {
    const basic = Buffer.from(`${fleet.client.clientId}:${fleet.client.clientSecret}`).toString('base64')
    const oauth = (at: number, word: string, form: Record<string, string>) =>
      fetch(`${plane(at).ready.url}/api/oauth/${word}`, {
        method: 'POST',
        headers: { authorization: `Basic ${basic}` },
        body: new URLSearchParams(form),
      })
    const { access_token: token } = (await (await oauth(0, 'token', { grant_type: 'client_credentials' })).json()) as {
      readonly access_token: string
    }
    const statuses = () =>
      Promise.all(
        fleet.planes.map(
          async (each) =>
            (await askPlane(each, { method: 'GET', path: '/api/atlas/v2/groups' }, `Bearer ${token}`)).status,
        ),
      )
    expect(await statuses()).toEqual([200, 200, 200])
    expect((await oauth(2, 'revoke', { token })).status).toBe(200)
    expect(await statuses()).toEqual([401, 401, 401])
  })

  test('a key that is deleted at one is unknown to all at once', async () => {
    const client = fleetClient(fleet, 0)
    const made = await client({
      method: 'POST',
      path: `/api/atlas/v2/groups/${groupId}/apiKeys`,
      body: { desc: 'short-lived', roles: ['GROUP_OWNER'] },
    })
    const { id, publicKey, privateKey } = made.body
    const wish = { method: 'GET', path: `/api/atlas/v2/groups/${groupId}` }
    const statuses = () =>
      Promise.all(
        fleet.planes.map(async (each) => {
          const proof = await proofFor(each, wish, byDigest(publicKey, privateKey))
          return (await askPlane(each, wish, proof)).status
        }),
      )
    expect(await statuses()).toEqual([200, 200, 200])
    expect((await client({ method: 'DELETE', path: `/api/atlas/v2/orgs/${orgId}/apiKeys/${id}` })).status).toBe(204)
    expect(await statuses()).toEqual([401, 401, 401])
  })

  test('whoever guesses a key is slowed down by all of them together, and nobody else is', async () => {
    const wish = { method: 'GET', path: '/api/atlas/v2/groups' }
    const wrong = byDigest(fleet.keys.publicKey.split('').reverse().join(''), 'a guess')
    const guess = async (each: Plane): Promise<number> =>
      (await askPlane(each, wish, await proofFor(each, wish, wrong))).status
    const seen: number[] = []
    for (let at = 0; at < 22; at += 1) seen.push(await guess(plane(at % 3)))
    expect(seen.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 401))
    expect(seen.at(-1)).toBe(429)
    for (const each of fleet.planes) {
      expect(await guess(each)).toBe(429)
      expect((await askPlane(each, wish, await proofFor(each, wish, owner()))).status).toBe(200)
    }
  })

  test('one is killed in the middle of 500 creations: none is lost, none is done twice, the others finish', {
    timeout: 240_000,
  }, async () => {
    const client = fleetClient(fleet, 1)
    const registered = await client({
      method: 'POST',
      path: `/api/postern/v1/groups/${groupId}/deployments`,
      body: { name: 'Theirs', connectionString: set.connectionString, provider: 'AWS', region: 'US_EAST_1' },
    })
    expect([registered.status, registered.body]).toEqual([201, expect.anything()])
    const groups = [groupId]
    for (const name of ['Project1', 'Project2', 'Project3'])
      groups.push((await client({ method: 'POST', path: '/api/atlas/v2/groups', body: { name, orgId } })).body.id)
    const places = groups.flatMap((group) =>
      cloudProviders.flatMap((provider) =>
        Object.keys(regions[provider]).map((region) => ({ group, provider, region })),
      ),
    )

    const acknowledged: Made[] = []
    const killed = plane(0)
    let dying: Promise<void> | null = null
    const created = (one: Made): void => {
      acknowledged.push(one)
      if (acknowledged.length === killAfter) dying = killed.kill()
    }
    await together(places.slice(0, services), async ({ group, provider, region }, turn) => {
      const ask = fleetClient(fleet, turn)
      const under = `/api/atlas/v2/groups/${group}/privateEndpoint`
      const wish = { providerName: provider, region, ...(provider === 'GCP' && { portMappingEnabled: true }) }
      const answer = await ask({ method: 'POST', path: `${under}/endpointService`, body: wish })
      // The first answer died with the one that was killed: what it said is found by the region.
      const id =
        answer.status === 409 && answer.again ? await inRegion(ask, `${under}/${provider}`, region) : answer.body.id
      expect([answer.again ? 201 : answer.status, id]).toEqual([201, expect.stringMatching(/^[0-9a-f]{24}$/)])
      const path = `${under}/${provider}/endpointService/${id}`
      created({ path, field: 'status', target: id })
      if (group !== groupId || provider !== 'AWS') return
      const service = await reaches(ask, path, 'status')
      for (let each = 0; each < endpointsPerService; each += 1) {
        const consumer = await ask({
          method: 'POST',
          path: '/api/postern/v1/local/aws/vpcEndpoints',
          body: { serviceName: service.endpointServiceName },
        })
        expect([consumer.status, consumer.body]).toEqual([201, expect.anything()])
        const { vpcEndpointId } = consumer.body
        const attached = await ask({ method: 'POST', path: `${path}/endpoint`, body: { id: vpcEndpointId } })
        const lost = attached.status === 409 && attached.again
        expect([lost ? 201 : attached.status, vpcEndpointId]).toEqual([201, expect.stringMatching(/^vpce-/)])
        created({ path: `${path}/endpoint/${vpcEndpointId}`, field: 'connectionStatus', target: vpcEndpointId })
      }
    })
    expect(acknowledged).toHaveLength(creations)
    expect(dying).not.toBeNull()
    await dying
    for (const group of groups) for (const provider of cloudProviders) await allAvailable(client, group, provider)
    for (const { path, field } of acknowledged) if (field === 'connectionStatus') await reaches(client, path, field)

    expect(await rows('select count(*)::int as count from endpoint_service')).toEqual([{ count: services }])
    expect(await rows('select count(*)::int as count from private_endpoint')).toEqual([{ count: creations - services }])
    expect(
      await rows(
        `select target ->> 'endpointServiceId' as service, target ->> 'endpointId' as endpoint, count(*)::int as count
        from event where type in ('ENDPOINT_SERVICE_CREATED', 'INTERFACE_ENDPOINT_CREATED')
        group by service, endpoint having count(*) > 1`,
      ),
    ).toEqual([])
    const told = await rows<{ target: string }>(
      `select coalesce(target ->> 'endpointId', target ->> 'endpointServiceId') as target from event
      where type in ('ENDPOINT_SERVICE_CREATED', 'INTERFACE_ENDPOINT_CREATED')`,
    )
    expect(told.map(({ target }) => target).sort()).toEqual(acknowledged.map(({ target }) => target).sort())
    for (const { says, of, from } of givenOnce)
      expect([says, await rows(`select ${of} as twice from ${from} group by ${of} having count(*) > 1`)]).toEqual([
        says,
        [],
      ])
    expect(await rows('select count(*)::int as count from member_port')).toEqual([{ count: 3 * awsServices }])

    for (const each of fleet.planes) {
      const turns = each.log().filter(({ msg, kind }) => msg === 'turn ended' && kind === 'endpointService')
      expect(turns.length).toBeGreaterThan(20)
      expect(each.log().filter(({ level }) => level >= 50)).toEqual([])
    }
  })

  test('whichever is asked about live connections asks the edge, which follows only one of them', async () => {
    const client = fleetClient(fleet, 1)
    const project = (await client({ method: 'POST', path: '/api/atlas/v2/groups', body: { name: 'Asked', orgId } }))
      .body
    const own = `/api/postern/v1/groups/${project.id}`
    const ensured = await client({
      method: 'POST',
      path: `${own}/privateEndpoint/endpointService:ensure`,
      body: { providerName: 'AWS', region: 'US_EAST_1' },
    })
    const service = `${own}/privateEndpoint/AWS/endpointService/${ensured.body.id}`
    await reaches(client, service, 'status')
    const body = { id: 'vpce-11111111111111111' }
    expect((await client({ method: 'POST', path: `${service}/endpoint:ensure`, body })).status).toBe(200)
    const wish = { method: 'GET', path: `${own}/connections:summary` }
    for (const each of [plane(1), plane(2)]) {
      const answer = await until('the edge answering', 30_000, async () => {
        const { body: said } = await askPlane(each, wish, await proofFor(each, wish, owner()))
        return said.gateways?.length > 0 ? said : undefined
      })
      expect(answer).toMatchObject({
        connections: 0,
        gateways: [{ edge: 'edge-of-the-fleet', connections: 0, connectionsPerEndpointLimit: 5_000 }],
        unansweredEdges: [],
      })
    }
    expect(await rows('select * from edge_question')).toEqual([])
  })
})

const creations = 500
const awsServices = Object.keys(regions.AWS).length
const endpointsPerService = 1
const services = creations - awsServices * endpointsPerService
/** In the middle, and while many requests are in flight. */
const killAfter = 250
const clients = 20

interface Made {
  readonly path: string
  readonly field: 'status' | 'connectionStatus'
  /** Its id as events call it. */
  readonly target: string
}

type Ask = ReturnType<typeof fleetClient>

/** What no two may have, as grouped by a statement. */
const givenOnce = [
  { says: 'a name of a service', of: 'names::text', from: 'local_service' },
  { says: 'a region of a project', of: '(group_id, provider, region)', from: 'endpoint_service' },
  { says: 'an index of a host name', of: '(group_id, name_index)', from: 'private_endpoint' },
  { says: 'an address of the local cloud', of: '(hosts, first_port)', from: 'local_endpoint' },
  { says: 'a port of the gateway', of: 'gateway_port', from: 'member_port' },
  { says: 'an event', of: 'id', from: 'event' },
] as const

/** Every item, so many at a time. */
async function together<Item>(
  items: readonly Item[],
  work: (item: Item, turn: number) => Promise<void>,
): Promise<void> {
  const left = items.entries()
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (const [turn, item] of left) await work(item, turn)
    }),
  )
}

const reaches = (ask: Ask, path: string, field: Made['field']) =>
  until(
    `${path} becoming AVAILABLE`,
    45_000,
    async () => {
      const { status, body } = await ask({ method: 'GET', path })
      expect([path, status]).toEqual([path, 200])
      return body[field] === 'AVAILABLE' ? body : undefined
    },
    200,
  )

const allAvailable = (ask: Ask, group: string, provider: CloudProvider) =>
  until(
    `every ${provider} service of ${group} becoming AVAILABLE`,
    45_000,
    async () => {
      const path = `/api/atlas/v2/groups/${group}/privateEndpoint/${provider}/endpointService`
      const services = (await ask({ method: 'GET', path })).body as readonly { readonly status: string }[]
      return services.every(({ status }) => status === 'AVAILABLE') ? true : undefined
    },
    200,
  )

async function inRegion(ask: Ask, under: string, region: string): Promise<string> {
  const { body } = await ask({ method: 'GET', path: `${under}/endpointService` })
  return body.find((service: { readonly regionName: string }) => service.regionName === region)?.id
}
