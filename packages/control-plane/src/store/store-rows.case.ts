// Rows for the store's cases, and the rules that its unique indexes hold: what may be there once, and what may stand side
// by side.

import type { Insertable, Transaction } from 'kysely'
import type { Tables } from './tables.ts'

export const created = new Date('2026-01-02T03:04:05.678Z')

// Rows of many tables pass through here: which columns they need is tables.ts's business, checked by the database.
export const put = async (tx: Transaction<Tables>, table: keyof Tables, row: object): Promise<void> => {
  await tx
    .insertInto(table)
    .values(row as Insertable<Tables[keyof Tables]>)
    .execute()
}

export const groupRow = (id: string, over: object = {}) => ({
  id,
  org_id: 'o',
  name: `name of ${id}`,
  hash: id,
  created,
  tags: '[]',
  settings: '{}',
  ...over,
})

const serviceRow = {
  group_id: 'g',
  provider: 'GCP',
  region: 'US_EAST_4',
  port_mapping: false,
  status: 'INITIATING',
  names: '{}',
  supported_remote_regions: '[]',
  created,
}
export const endpointRow = {
  service_id: 's',
  group_id: 'g',
  provider: 'AWS',
  cloud_id: 'vpce-1',
  phase: 'REQUESTED',
  request: '{}',
  link_ids: '[]',
  created,
}
const clusterRow = {
  group_id: 'g',
  name: 'C',
  engine: 'sandbox',
  cluster_type: 'REPLICASET',
  state: 'IDLE',
  spec: '{}',
  created,
}
const memberRow = {
  cluster_id: 'c',
  host_port: 'h:1',
  provider: 'AWS',
  region: 'US_EAST_1',
  role: 'primary',
  position: 0,
}
const portRow = { service_id: 's', member_id: 'm0', slot: 0, service_port: 1024, gateway_port: 15_000 }
const userRow = {
  group_id: 'g',
  username: 'u',
  database_name: 'admin',
  spec: '{}',
  state: 'PENDING',
  applied: '{}',
  created,
}
const localRow = {
  provider: 'AWS',
  cloud_id: 'vpce-1',
  region: 'us-east-1',
  target: 't',
  link_id: '1',
  hosts: '["127.0.1.1"]',
  first_port: 1024,
  port_count: 3,
  form: 'address',
  state: 'pending',
  properties: '{}',
  created,
}

/** One organization, two groups, a service, a cluster with eight members. */
export const putWorld = async (tx: Transaction<Tables>): Promise<void> => {
  await put(tx, 'organization', { id: 'o', name: 'O', created })
  await put(tx, 'group', groupRow('g'))
  await put(tx, 'group', groupRow('g2'))
  await put(tx, 'endpoint_service', { ...serviceRow, id: 's', provider: 'AWS', region: 'US_EAST_1' })
  await put(tx, 'endpoint_service', { ...serviceRow, id: 's2', group_id: 'g2' })
  await put(tx, 'cluster', { ...clusterRow, id: 'c', name: 'Cluster0' })
  for (let index = 0; index < 8; index++)
    await put(tx, 'member', { ...memberRow, id: `m${index}`, host_port: `h:${index}`, position: index })
}

/** What tells rows of one case apart: their ids, for an endpoint its cloud's id too where the number is the rule. */
export const ownId = (rule: string, index: number): object => ({
  id: `racer${index}`,
  ...(rule === 'private_endpoint_name_index_once' && { cloud_id: `vpce-${index}` }),
})

/** A member's ports: whichever of them is the rule, the others differ. */
export const ownPort = (rule: string, index: number): object => ({
  ...(rule !== 'member_port_pkey' && { member_id: `m${index}` }),
  ...(rule !== 'member_port_slot_once' && { slot: index }),
  ...(rule !== 'member_port_service_port_once' && { service_port: 1024 + index }),
  ...(rule !== 'member_port_gateway_port_once' && { gateway_port: 15_000 + index }),
})

interface Rule {
  readonly says: string
  readonly table: keyof Tables
  readonly row: object
  readonly rule: string
}

export const onceOnly: readonly Rule[] = [
  {
    says: 'one group name per organization',
    table: 'group',
    row: groupRow('x', { hash: 'h' }),
    rule: 'group_name_once',
  },
  {
    says: 'one service per group, provider, region and kind of ports',
    table: 'endpoint_service',
    row: serviceRow,
    rule: 'endpoint_service_region_once',
  },
  {
    says: 'one attachment of a consumer endpoint to a service',
    table: 'private_endpoint',
    row: endpointRow,
    rule: 'private_endpoint_cloud_id_once',
  },
  {
    says: 'one endpoint per number of a group',
    table: 'private_endpoint',
    row: { ...endpointRow, name_index: 7 },
    rule: 'private_endpoint_name_index_once',
  },
  { says: 'one cluster name per group', table: 'cluster', row: clusterRow, rule: 'cluster_name_once' },
  {
    says: 'one database user per group, database and name',
    table: 'database_user',
    row: userRow,
    rule: 'database_user_name_once',
  },
  { says: 'one place of a member on a service', table: 'member_port', row: portRow, rule: 'member_port_pkey' },
  { says: 'one member per slot of a service', table: 'member_port', row: portRow, rule: 'member_port_slot_once' },
  {
    says: 'one member per port of a service',
    table: 'member_port',
    row: portRow,
    rule: 'member_port_service_port_once',
  },
  { says: 'one member per gateway port', table: 'member_port', row: portRow, rule: 'member_port_gateway_port_once' },
  {
    says: 'one local endpoint per cloud id',
    table: 'local_endpoint',
    row: localRow,
    rule: 'local_endpoint_cloud_id_once',
  },
]

export const sideBySide: readonly {
  readonly says: string
  readonly table: keyof Tables
  readonly rows: readonly object[]
}[] = [
  {
    says: 'both kinds of a GCP service during a migration',
    table: 'endpoint_service',
    rows: [serviceRow, { ...serviceRow, port_mapping: true }],
  },
  {
    says: 'one consumer endpoint named on two services',
    table: 'private_endpoint',
    rows: [endpointRow, { ...endpointRow, service_id: 's2', group_id: 'g2' }],
  },
  {
    says: 'number 0 of both counts, and many without a number',
    table: 'private_endpoint',
    rows: [
      { ...endpointRow, name_index: 0 },
      { ...endpointRow, provider: 'GCP', cloud_id: 'name', name_index: 0 },
      { ...endpointRow, cloud_id: 'vpce-2' },
      { ...endpointRow, cloud_id: 'vpce-3' },
    ],
  },
  {
    says: 'one port number on different addresses, and neighbours on one address',
    table: 'local_endpoint',
    rows: [
      localRow,
      { ...localRow, cloud_id: 'vpce-2', link_id: '2', hosts: '["127.0.1.2"]' },
      { ...localRow, cloud_id: 'vpce-3', link_id: '3', first_port: 2048 },
    ],
  },
  {
    says: 'a user name in two databases',
    table: 'database_user',
    rows: [userRow, { ...userRow, database_name: '$external' }],
  },
]
