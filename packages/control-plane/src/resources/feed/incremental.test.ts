// What is made of what changed is what would be made of everything: after each step of a random history the whole that was
// published is the whole that is built anew, whichever of two control planes published, and the changes lead from each to
// the next.

import { createHash } from 'node:crypto'
import { feeds, type SnapshotBody } from '@postern/contract/snapshot'
import { hashedText, withChange } from '@postern/contract/snapshot-change'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestParts, testSettings } from '../../http/testing.ts'
import { clearStore, createTestStore, runStatements, type TestStore } from '../../store/testing.ts'
import { createEdgeNews } from '../edge/news.ts'
import { feedBody } from './build.ts'
import { feedReconciler } from './reconcile.ts'
import { everyFeed } from './wake.ts'
import { readWorld } from './world.ts'

let open: TestStore
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(() => clearStore(open.store))

/** A small generator of numbers from 0 up to 1 (mulberry32): a seed tells the same history again. */
const randomOf = (seed: number) => {
  let state = seed + 0x9e3779b9
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const id = (letter: string, n: number): string => letter + n.toString(16).padStart(23, '0')
const groups = 4
const services = 8
const clusters = 6
const consumers = 16
/** Those of one group have none in common. */
const regionsOf = (service: number) => (service < groups ? ['US_EAST_1', 'US_WEST_2'] : ['EU_WEST_1', 'SA_EAST_1'])

const consumer = (n: number): string =>
  `insert into local_endpoint (id, provider, cloud_id, region, target, link_id, hosts, first_port, port_count, form, state, properties, created)
    values ('${id('f', n)}', 'AWS', 'vpce-${n}', 'US_EAST_1', 'x', 'link-${n}', '["127.64.0.${n}"]', 1024, 50, 'address', 'accepted', '{}', now())`

/** How many members of a group may stand behind each of its services. */
const limited = (group: number, value: number): string =>
  `insert into group_limit (group_id, name, value)
    values ('${id('a', group)}', 'atlas.project.deployment.nodesPerPrivateLinkRegion', ${value})
    on conflict (group_id, name) do update set value = excluded.value`

/** What stands when a history begins, without endpoints. */
const ground = [
  `insert into organization (id, name, created) values ('${id('0', 0)}', 'Org', now())`,
  ...Array.from(
    { length: groups },
    (_, n) => `insert into "group" (id, org_id, name, hash, created, tags, settings, regional_mode)
      values ('${id('a', n)}', '${id('0', 0)}', 'Group${n}', 'hash${n}', now(), '[]', '{}', ${n % 2 === 0})`,
  ),
  ...Array.from({ length: groups }, (_, n) => limited(n, 2)),
  ...Array.from({ length: services }, (_, n) => {
    const names = `{"provider": "AWS", "endpointServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-${n}"}`
    return [
      `insert into endpoint_service (id, group_id, provider, region, port_mapping, status, names, supported_remote_regions, created)
        values ('${id('b', n)}', '${id('a', n % groups)}', 'AWS', '${regionsOf(n)[0]}', false, 'AVAILABLE', '${names}', 'null', now())`,
      `insert into local_service (service_id, provider, region, names, ready_at)
        values ('${id('b', n)}', 'AWS', 'US_EAST_1', '${names}', now())`,
    ]
  }).flat(),
  ...Array.from(
    { length: clusters },
    (_, n) => `insert into cluster (id, group_id, name, engine, cluster_type, state, spec, set_name, created)
      values ('${id('c', n)}', '${id('a', n % groups)}', 'Cluster${n}', 'registered', '${n % 2 === 0 ? 'SHARDED' : 'REPLICASET'}', 'IDLE', '{}', 'rs0', now())`,
  ),
  ...Array.from({ length: consumers }, (_, n) => consumer(n)),
]

const attached = (
  n: number,
  { link, service, phase }: { readonly link: number; readonly service: number; readonly phase: string },
) =>
  `insert into private_endpoint (id, service_id, group_id, provider, cloud_id, phase, request, link_ids, name_index, form, advertised, created)
    values ('${id('e', n)}', '${id('b', service)}', '${id('a', service % groups)}', 'AWS', 'vpce-${link}-${n}', '${phase}', '{}',
      '["link-${link}"]', ${n}, '${n % 2 === 0 ? 'address' : 'name'}', '{"by": "ports", "doors": [{"name": "pl-${n}.x",
      "hosts": ["127.64.0.${link}"], "firstPort": 1024, "portCount": ${1 + (n % 5)}}]}', now())`

const member = (n: number, cluster: number): string =>
  `insert into member (id, cluster_id, host_port, provider, region, role, position)
    values ('${id('d', n)}', '${id('c', cluster)}', 'node${n}:27017', 'AWS', 'US_EAST_1', 'secondary', ${n % 9})`

const accepted = (consumer: number, service: number): string =>
  `insert into local_acceptance (service_id, local_endpoint_id, ready_at)
    values ('${id('b', service)}', '${id('f', consumer)}', now()) on conflict do nothing`

const listener = (cluster: number, enabled: boolean): string =>
  `insert into standard_listener (id, cluster_id, enabled, created)
    values ('${id('9', cluster)}', '${id('c', cluster)}', ${enabled}, now())
    on conflict (cluster_id) do update set enabled = excluded.enabled, gateway_n = null`

const entry = (n: number, group: number, last: number): string =>
  `insert into group_access_entry (id, group_id, value, comment, created)
    values ('${id('8', n)}', '${id('a', group)}', '${last === 0 ? 'sg-0a1b' : `192.0.2.${last}/32`}', '', now()) on conflict do nothing`

/** What is there at first: a consumer is one endpoint's alone, as in any cloud. */
const begun = Array.from({ length: consumers }, (_, n) => [
  attached(1000 + n, { link: n, service: n % services, phase: 'AVAILABLE' }),
  member(1000 + n, n % clusters),
  accepted(n, n % services),
]).flat()

/** One change of the world, of whatever a snapshot is made of. */
const changes: readonly ((below: (limit: number) => number, step: number) => string)[] = [
  (below, step) =>
    attached(step, {
      link: 10_000 + step,
      service: below(services),
      phase: ['REQUESTED', 'ACCEPTED', 'AVAILABLE'][below(3)] ?? '',
    }),
  (below) =>
    `update private_endpoint set phase = '${['ACCEPTED', 'AVAILABLE', 'REFUSED'][below(3)]}' where ${some('id', below)}`,
  (below) =>
    `update private_endpoint set phase = 'DELETING', delete_requested = true, gateway_n = null where ${some('id', below)}`,
  (below) => `delete from private_endpoint where ${some('id', below)}`,
  (below, step) =>
    `with came as (${consumer(100 + step)}) update private_endpoint set link_ids = '["link-${100 + step}"]' where ${some('id', below)}`,
  (below) =>
    `update private_endpoint set limits = '{"connections": ${1 + below(9)}, "newPerSecond": null}' where ${some('id', below)}`,
  (below) =>
    `update private_endpoint set policy = '{"clusters": ["Cluster${below(clusters)}"], "readOnly": true}' where ${some('id', below)}`,
  (below) =>
    `update private_endpoint set advertised = jsonb_set(advertised, '{doors,0,firstPort}', '${2000 + below(9)}') where ${some('id', below)}`,
  (below, step) => member(step, below(clusters)),
  (below) => `update member set host_port = 'moved-' || id || ':${below(9)}' where ${some('id', below)}`,
  (below) =>
    `update member set role = '${['hidden', 'arbiter', 'primary'][below(3)]}', position = ${below(9)} where ${some('id', below)}`,
  (below) => `delete from member where ${some('id', below)}`,
  (below) => `update cluster set delete_requested = not delete_requested where id = '${id('c', below(clusters))}'`,
  (below) => `update cluster set name = 'Named' || '${below(99)}' || id where id = '${id('c', below(clusters))}'`,
  (below) =>
    `update cluster set cluster_type = 'SHARDED', tls = '{"ca": null, "allowInvalidHostnames": true}' where id = '${id('c', below(clusters))}'`,
  (below) => `update "group" set regional_mode = not regional_mode where id = '${id('a', below(groups))}'`,
  (below) => limited(below(groups), 2 + below(5)),
  (below) => {
    const n = below(consumers)
    return `update local_endpoint set hosts = '["127.65.${n}.${below(9)}"]', first_port = first_port + 1 where id = '${id('f', n)}'`
  },
  (below) => listener(below(clusters), below(3) > 0),
  (below) => listener(below(clusters), true),
  (below) => `update "group" set private_only = not private_only where id = '${id('a', below(groups))}'`,
  (below, step) => entry(step, below(groups), below(9)),
  (below, step) =>
    `update group_access_entry set delete_after = now() + interval '${1 + step} minutes' where group_id = '${id('a', below(groups))}'`,
  (below) => `delete from group_access_entry where group_id = '${id('a', below(groups))}'`,
  // As an undo does that knew nothing of the listener's port yet.
  (below) => `update member_port set gateway_port = (select min(gateway_port) from standard_port)
    where ${some('gateway_port', below)} and exists (select from standard_port)
      and not exists (select from member_port where gateway_port in (select min(gateway_port) from standard_port))`,
  (below) => accepted(below(consumers), below(services)),
  (below) => `delete from local_acceptance where local_endpoint_id = '${id('f', below(consumers))}'`,
  (below) => {
    const n = below(services)
    return `update endpoint_service set region = '${regionsOf(n)[below(2)]}' where id = '${id('b', n)}'`
  },
]

/** A row of the table, chosen by its place. */
const some = (column: string, below: (limit: number) => number): string =>
  `${column} in (select ${column} from (select ${column}, row_number() over (order by ${column}) n, count(*) over () c from %table%) rows
    where n = 1 + ${below(1000)} % c)`

const inTable = (statement: string): string =>
  statement.replace('%table%', /(?:^|\) )(?:update|delete from) (\S+)/.exec(statement)?.[1] ?? '')

test.each(Array.from({ length: 3 }, (_, seed) => ({ seed })))('history number $seed', async ({ seed }) => {
  const random = randomOf(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  await runStatements(open.store, [...ground, ...begun])
  // So few ports that some members wait for one.
  const gatewayPorts = { from: 15_000, to: 15_000 + (seed % 2 === 0 ? 500 : 12) }
  const parts = createTestParts(open.store, { settings: { ...testSettings, gatewayPorts } })
  const { settings } = parts
  const { domain } = settings
  const planes = [feedReconciler(parts, createEdgeNews()), feedReconciler(parts, createEdgeNews())]
  const before = new Map<string, { readonly n: number; readonly body: unknown }>()
  for (let step = 0; step < 25; step++) {
    const together = Array.from(
      { length: 1 + below(3) },
      (_, nth) => changes[below(changes.length)]?.(below, step * 4 + nth) ?? '',
    )
    await runStatements(open.store, together.map(inTable))
    await planes[below(2)]?.turn(everyFeed)
    // Places of members too: one that knows nothing yet would publish nothing else.
    const numbers = () => open.store.read.selectFrom('snapshot').select(['feed', 'n']).orderBy('feed').execute()
    const published = await numbers()
    await feedReconciler(parts, createEdgeNews()).turn(everyFeed)
    expect(await numbers(), together.join('; ')).toEqual(published)
    const world = await open.store.transact((tx) => readWorld(tx, { settings, groupIds: null }))
    const rows = await sql<{ feed: string; n: number; hash: string; text: string }>`
      select feed, n, hash, body::text as text from snapshot`.execute(open.store.read)
    for (const feed of feeds) {
      const row = rows.rows.find((each) => each.feed === feed)
      const after = `${feed}, step ${step}: ${together.join('; ')}`
      const anew: SnapshotBody[typeof feed] = feedBody(feed, world, domain)
      expect({ after, whole: JSON.parse(row?.text ?? '') }).toEqual({ after, whole: anew })
      expect(row?.text === JSON.stringify(anew), after).toBe(true)
      if (feed === 'gateway') {
        const ports = (anew as SnapshotBody['gateway']).listeners.map(({ gatewayPort }) => gatewayPort)
        expect(new Set(ports).size, after).toBe(ports.length)
      }
      expect(
        createHash('sha256')
          .update(hashedText(3, row?.text ?? ''))
          .digest('hex'),
      ).toBe(row?.hash)
      const last = before.get(feed)
      const kept = await open.store.read
        .selectFrom('snapshot_change')
        .select(sql<string>`change::text`.as('text'))
        .where('feed', '=', feed)
        .where('n', '=', row?.n ?? 0)
        .executeTakeFirst()
      if (last !== undefined && row?.n !== last.n) {
        expect(row?.n).toBe(last.n + 1)
        if (kept !== undefined) expect(withChange(last.body, JSON.parse(kept.text))).toEqual(anew)
      }
      before.set(feed, { n: row?.n ?? 0, body: anew })
    }
  }
})
