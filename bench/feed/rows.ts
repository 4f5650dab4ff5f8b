// What stands in the store before a measurement: a hundred projects, each with a cluster of three members, ten endpoint
// services and a thousandth of the endpoints behind each, AVAILABLE as their turns would have left them, with the local
// cloud's side of each.

import type { Store } from '../../packages/control-plane/src/parts.ts'
import { describeDeployment } from '../../packages/control-plane/src/resources/deployment/description.ts'
import { runStatements } from '../../packages/control-plane/src/store/testing.ts'

const groups = 100
const servicesPerGroup = 10
const services = groups * servicesPerGroup
const members = 3

/** Ids of one kind: its letter and the number, in SQL. */
const id = (letter: string, n: string): string => `'${letter}' || lpad(to_hex(${n}), 23, '0')`
const groupOf = (service: string): string => id('a', `(${service}) / ${servicesPerGroup}`)
const consumer = (n: string): string => `'vpce-' || lpad(to_hex(${n}), 17, '0')`
const hosts = `jsonb_build_array('127.' || 64 + n / 65536 || '.' || n / 256 % 256 || '.' || n % 256)`
const names = `jsonb_build_object('provider', 'AWS', 'endpointServiceName',
  'com.amazonaws.vpce.us-east-1.vpce-svc-' || lpad(to_hex(n), 17, '0'))`
const advertised = `jsonb_build_object('by', 'ports', 'doors', jsonb_build_array(jsonb_build_object(
  'name', 'pl-' || n || '-us-east-1.bench.mongodb.local', 'hosts', ${hosts}, 'firstPort', 1024)))`
const spec = JSON.stringify(
  describeDeployment(
    { provider: 'AWS', region: 'US_EAST_1', clusterType: 'REPLICASET', members, version: null },
    { objectId: () => 'c'.repeat(24) },
  ),
)
const upTo = (count: number): string => `from generate_series(0, ${count - 1}) n`

/** Beside the projects that are there. */
export const putEndpoints = (store: Store, { count }: { readonly count: number }): Promise<void> =>
  runStatements(store, [
    `insert into "group" (id, org_id, name, hash, created, tags, settings)
    select ${id('a', 'n')}, (select id from organization limit 1), 'Many' || n, 'bench' || n, now(), '[]', '{}' ${upTo(groups)}`,
    `insert into endpoint_service (id, group_id, provider, region, port_mapping, status, names,
      supported_remote_regions, created)
    select ${id('b', 'n')}, ${groupOf('n')}, 'AWS', 'REGION_' || n, false, 'AVAILABLE', ${names}, 'null', now() ${upTo(services)}`,
    `insert into local_service (service_id, provider, region, names, ready_at)
    select ${id('b', 'n')}, 'AWS', 'US_EAST_1', ${names}, now() ${upTo(services)}`,
    `insert into cluster (id, group_id, name, engine, cluster_type, state, spec, set_name, created)
    select ${id('c', 'n')}, ${id('a', 'n')}, 'Cluster0', 'registered', 'REPLICASET', 'IDLE', '${spec}', 'rs0', now() ${upTo(groups)}`,
    `insert into member (id, cluster_id, host_port, provider, region, role, position)
    select ${id('d', 'n')}, ${id('c', `n / ${members}`)}, 'node' || n || '.example.com:27017', 'AWS', 'US_EAST_1',
      'secondary', n % ${members} ${upTo(groups * members)}`,
    `insert into private_endpoint (id, service_id, group_id, provider, cloud_id, phase, request, link_ids, name_index,
      form, advertised, was_available, gateway_n, forwarder_n, created)
    select ${id('e', 'n')}, ${id('b', `n % ${services}`)}, ${groupOf(`n % ${services}`)}, 'AWS', ${consumer('n')},
      'AVAILABLE', '{"provider": "AWS"}', jsonb_build_array(${consumer('n')}), n, 'address', ${advertised}, true, 1, 1,
      now() ${upTo(count)}`,
    `insert into local_endpoint (id, provider, cloud_id, region, target, link_id, hosts, first_port, port_count, form,
      state, properties, created)
    select ${id('f', 'n')}, 'AWS', ${consumer('n')}, 'US_EAST_1', 'com.amazonaws.vpce.us-east-1.vpce-svc-' ||
      lpad(to_hex(n % ${services}), 17, '0'), ${consumer('n')}, ${hosts}, 1024, 50, 'address', 'accepted',
      '{"address": null}', now() ${upTo(count)}`,
    `insert into local_acceptance (service_id, local_endpoint_id, ready_at)
    select ${id('b', `n % ${services}`)}, ${id('f', 'n')}, now() ${upTo(count)}`,
    'analyze',
  ])

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0')

/** Its path in Atlas's API. */
export const nthEndpoint = (n: number): string => {
  const service = n % services
  const group = `a${hex(Math.floor(service / servicesPerGroup), 23)}`
  return `/api/atlas/v2/groups/${group}/privateEndpoint/AWS/endpointService/b${hex(service, 23)}/endpoint/vpce-${hex(n, 17)}`
}

/** Gives one endpoint another address. */
export const moveEndpoint = (store: Store, n: number): Promise<void> =>
  runStatements(store, [
    `update private_endpoint set advertised = jsonb_set(advertised, '{doors,0,hosts}', '["127.127.0.${n % 254}"]')
    where cloud_id = ${consumer(`${n}`)}`,
  ])
