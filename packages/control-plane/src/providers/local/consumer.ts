// The consumer's side of the local cloud in the store: what a VPC endpoint, a private endpoint or a forwarding rule is
// there. Written by its door (resources/local-cloud) and, where unknown endpoints are taken in, by the provider itself.

import type { CloudProvider } from '@postern/contract/cloud'
import { isCloudProvider } from '@postern/contract/cloud'
import type { AdvertisedForm } from '@postern/contract/private-endpoint'
import type { Selectable, Transaction } from 'kysely'
import { z } from 'zod'
import type { Ids, Parts } from '../../parts.ts'
import { lockTable } from '../../store/lock-table.ts'
import type { Tables } from '../../store/tables.ts'
import { type ServiceNames, serviceNamesSchema, targetsOf } from '../provider.ts'
import { type LastPlace, overlap, type Place } from './addresses.ts'
import { findPlaces } from './place.ts'
import type { Probe } from './probe.ts'

const text = z.record(z.string(), z.string())

const propertiesSchema = z.object({
  /** The address that its owner knows it by; null on AWS. */
  address: z.string().nullable(),
  /** The cloud's words when it would not connect it. */
  failure: z.string().nullable().default(null),
  tags: text.default({}),
  /** What only one cloud has: VPC and subnets, resource group, project. */
  aws: z.object({ vpcId: z.string(), subnetIds: z.array(z.string()) }).optional(),
  azure: z.object({ subscriptionId: z.string(), resourceGroupName: z.string(), name: z.string() }).optional(),
  gcp: z.object({ project: z.string(), name: z.string() }).optional(),
})

type ConsumerProperties = z.output<typeof propertiesSchema>
type ConsumerState = 'pending' | 'accepted' | 'rejected'

export interface Consumer extends Place {
  readonly id: string
  readonly provider: CloudProvider
  readonly cloudId: string
  /** Atlas's spelling. */
  readonly region: string
  readonly target: string
  readonly linkId: string
  /** How it is told to clients: by address, or by name and with TLS. */
  readonly form: AdvertisedForm
  readonly state: ConsumerState
  readonly properties: ConsumerProperties
  readonly created: Date
}

const placeHosts = z.array(z.string()).min(1)

/** Where a stored one listens. Throws on a row that this program never wrote. */
export const parsePlace = (
  row: Pick<Selectable<Tables['local_endpoint']>, 'hosts' | 'first_port' | 'port_count'>,
): Place => ({ hosts: placeHosts.parse(row.hosts), firstPort: row.first_port, portCount: row.port_count })

/** Parses a stored row. Throws on one that this program never wrote. */
export const parseConsumer = (row: Selectable<Tables['local_endpoint']>): Consumer => {
  if (!isCloudProvider(row.provider)) throw new TypeError(`local_endpoint ${row.id} has provider ${row.provider}`)
  return {
    id: row.id,
    provider: row.provider,
    cloudId: row.cloud_id,
    region: row.region,
    target: row.target,
    linkId: row.link_id,
    ...parsePlace(row),
    form: row.form === 'name' ? 'name' : 'address',
    state: row.state === 'accepted' || row.state === 'rejected' ? row.state : 'pending',
    properties: propertiesSchema.parse(row.properties),
    created: row.created,
  }
}

export interface NewConsumer {
  readonly provider: CloudProvider
  /** Given by the caller (Azure, GCP, or an unknown id that is taken in); made here where absent (AWS). */
  readonly cloudId?: string
  readonly region: string
  readonly target: string
  readonly form: AdvertisedForm
  /** `address: null` on Azure and GCP means: the address that it gets. */
  readonly properties: Omit<ConsumerProperties, 'failure'>
}

/** `vpce-` and 17 hex digits, as EC2 makes them. */
const vpcEndpointId = (ids: Ids): string => `vpce-0${ids.hex(8)}`

const linkIdOf = (provider: CloudProvider, cloudId: string, ids: Ids): string => {
  switch (provider) {
    case 'AWS':
      return cloudId
    case 'AZURE':
      return String(Number.parseInt(ids.hex(4), 16) || 1)
    case 'GCP':
      // Above 2^53, as real ones are: who reads it as a JSON number shows it at once.
      return String(BigInt(`0x${ids.hex(8)}`) | (1n << 62n))
  }
}

const attemptsOnConflict = 8

/**
 * Stores consumers with a place each, all or none. Throws POSTERN_NO_LOCAL_ADDRESS, and whatever `check` throws (it
 * runs first in the transaction: what is refused there stores nothing).
 */
export const addConsumers = async (
  parts: Parts,
  probe: Probe,
  {
    wanted,
    portCount,
    check,
  }: {
    readonly wanted: readonly NewConsumer[]
    readonly portCount: number
    readonly check: (tx: Transaction<Tables>) => Promise<void>
  },
): Promise<readonly Consumer[]> => {
  const { epoch } = await parts.store.read.selectFrom('store_mark').select('epoch').executeTakeFirstOrThrow()
  for (let attempt = 1; ; attempt++) {
    const last = await lastPlaceOf(parts.store.read)
    const used = await usedPlaces(parts.store.read)
    const skip = attempt === 1 ? 0 : (Number.parseInt(parts.ids.hex(2), 16) % (attempt * 4)) * wanted.length
    const search = { epoch, settings: parts.settings, probe, used, last, portCount, count: wanted.length, skip }
    const places = await findPlaces(search)
    const stored = await parts.store.transact(async (tx) => {
      await lockTable(tx, 'local_endpoint')
      await check(tx)
      const now = await usedPlaces(tx)
      if (places.some((place) => now.some((other) => overlap(place, other)))) return null
      const rows = wanted.map((one, at) => newRow(parts, one, places[at] as Place))
      if (rows.length > 0) await tx.insertInto('local_endpoint').values(rows).execute()
      await rememberLast(tx, places)
      const ids = rows.map(({ id }) => id)
      const back = await tx.selectFrom('local_endpoint').selectAll().where('id', 'in', ids).execute()
      return ids.flatMap((id) => back.filter((row) => row.id === id).map(parseConsumer))
    })
    if (stored !== null) return stored
    if (attempt === attemptsOnConflict) throw new Error('others took every place that was found; try again')
  }
}

const lastPlaceOf = async (db: Parts['store']['read']): Promise<LastPlace | null> => {
  const row = await db.selectFrom('local_last_place').selectAll().executeTakeFirst()
  return row === undefined ? null : { host: row.host, firstPort: row.first_port, portCount: row.port_count }
}

const rememberLast = async (tx: Transaction<Tables>, places: readonly Place[]): Promise<void> => {
  const place = places.at(-1)
  const host = place?.hosts[0]
  if (place === undefined || host === undefined) return
  const last = { host, first_port: place.firstPort, port_count: place.portCount }
  await tx
    .insertInto('local_last_place')
    .values({ id: 1, ...last })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(last))
    .execute()
}

const usedPlaces = async (db: Parts['store']['read']): Promise<readonly Place[]> => {
  const rows = await db.selectFrom('local_endpoint').select(['hosts', 'first_port', 'port_count']).execute()
  return rows.map(parsePlace)
}

const newRow = (parts: Parts, one: NewConsumer, place: Place) => {
  const cloudId = one.cloudId ?? vpcEndpointId(parts.ids)
  const address = one.properties.address ?? (one.provider === 'AWS' ? null : (place.hosts[0] ?? null))
  return {
    id: parts.ids.objectId(),
    provider: one.provider,
    cloud_id: cloudId,
    region: one.region,
    target: one.target,
    link_id: linkIdOf(one.provider, cloudId, parts.ids),
    hosts: JSON.stringify(place.hosts),
    first_port: place.firstPort,
    port_count: place.portCount,
    form: one.form,
    state: 'pending',
    properties: JSON.stringify({ ...one.properties, address }),
    created: new Date(parts.clock.now()),
  }
}

export interface LocalTarget {
  readonly serviceId: string
  readonly provider: CloudProvider
  /** The service's region, Atlas's spelling. */
  readonly region: string
  readonly names: ServiceNames
  /** All of the service's targets, in order of member slots. */
  readonly targets: readonly string[]
}

/** The local service that a consumer names, once it is made; Azure's ids are compared without case. */
export const findTarget = async (
  parts: Pick<Parts, 'store' | 'clock'>,
  provider: CloudProvider,
  target: string,
): Promise<LocalTarget | null> => {
  const rows = await parts.store.read
    .selectFrom('local_service')
    .selectAll()
    .where('provider', '=', provider)
    .where('ready_at', '<=', new Date(parts.clock.now()))
    .execute()
  const wanted = target.toLowerCase()
  for (const row of rows) {
    const names = serviceNamesSchema.parse(row.names)
    const targets = targetsOf(names)
    const also = names.provider === 'AZURE' ? [names.privateLinkServiceName] : []
    if ([...targets, ...also].some((name) => name.toLowerCase() === wanted)) {
      return { serviceId: row.service_id, provider, region: row.region, names, targets }
    }
  }
  return null
}
