// Private endpoints, attached to their service. One that is `local` is made in the local cloud first; one that ended badly
// is corrected where the file says otherwise now, and tried again.

import { ApiError, type Client } from '@postern/contract/client'
import type { CloudProvider } from '@postern/contract/cloud'
import type { EndpointServiceDetails } from '@postern/contract/schemas/endpoint-service'
import type { PrivateEndpointDetails } from '@postern/contract/schemas/private-endpoint'
import { printable } from '../../print/json.ts'
import type { EndpointWish, ProjectWish, ServiceWish } from '../form.ts'
import { endpointName, localName, serviceKey } from '../keys.ts'
import {
  type Compared,
  type Consumer,
  compare,
  everyItem,
  type Hands,
  type Kind,
  type Site,
  type Standing,
} from '../kind.ts'
import { consumersOf, localEndpointId, lookAtLocalCloud, makeConsumer } from './consumers.ts'
import { policyBody, policyRows } from './endpoint-policy.ts'
import { serviceKeyOfFound } from './service.ts'

export interface AttachedWish {
  readonly service: ServiceWish
  readonly endpoint: EndpointWish
}
/** An endpoint, and its side in the local cloud where it has one. */
interface Found {
  readonly endpoint: PrivateEndpointDetails
  readonly service: string
  readonly key: string
  readonly consumer: Consumer | undefined
}

const wishesOf = ({ services }: ProjectWish): readonly AttachedWish[] =>
  (services ?? []).flatMap((service) => (service.endpoints ?? []).map((endpoint) => ({ service, endpoint })))

const keyed = (service: string, name: string): string => `${name} at ${service}`

const placeOf = (groupId: string, { endpoint }: Found) => ({
  groupId,
  cloudProvider: endpoint.cloudProvider,
  endpointServiceId: endpoint.endpointServiceId,
  endpointId: endpoint.endpointId,
})

export const endpointKind: Kind<AttachedWish, Found> = {
  noun: 'endpoint',
  waitsFor: { noun: 'endpoint service', always: true },
  // With Atlas's behaviour clusters are UPDATING then, and show the strings of before.
  moves: 'cluster',
  // Host names hold a number that counts endpoints as they are accepted; who fixes the rest of the name wants that too.
  inOrder: ({ wish }) => wish.hash !== undefined,
  wishes: (project) =>
    project.services?.some(({ endpoints }) => endpoints) ? wishesOf(project) : project.services && [],
  keyOf: ({ service, endpoint }) => keyed(serviceKey(service), endpointName(endpoint)),
  keyOfFound: ({ key }) => key,
  async look(client, site) {
    const params = { groupId: site.groupId }
    const endpoints = await everyItem((query) => client.call('listGroupPrivateEndpoints', { params, query }))
    const wishes = wishesOf(site.wish)
    const listed = new Set(wishes.map(endpointKind.keyOf))
    const services = new Map([...site.services.values()].map((service) => [service.id, serviceKeyOfFound(service)]))
    const placed = endpoints.map((endpoint) => {
      const service = services.get(endpoint.endpointServiceId) ?? endpoint.endpointServiceId
      return { endpoint, service, byId: keyed(service, endpoint.endpointId) }
    })
    // What the file calls by its id needs no look at the local cloud.
    const local = await localEndpoints(client, site, [
      ...wishes.flatMap(({ service, endpoint }) => (endpoint.local === undefined ? [] : [service.provider])),
      ...placed.flatMap(({ endpoint, byId }) => (listed.has(byId) ? [] : [endpoint.cloudProvider])),
    ])
    // Still attached, but taken away in the local cloud: it is the same endpoint that the file wishes there.
    const lost = new Map(
      wishes.flatMap((wish) => {
        const [key, service] = [serviceKey(wish.service), site.services.get(serviceKey(wish.service))]
        const { local: name } = wish.endpoint
        const id = service === undefined || name === undefined ? undefined : localEndpointId(service, name)
        return id === undefined || name === undefined ? [] : [[keyed(key, id), name] as const]
      }),
    )
    return placed.map(({ endpoint, service, byId }) => {
      const known = listed.has(byId) ? undefined : local.get(byId)
      const name = listed.has(byId) ? undefined : (known?.name ?? lost.get(byId))
      return {
        endpoint,
        service,
        key: name === undefined ? byId : keyed(service, localName(name)),
        consumer: known?.consumer,
      }
    })
  },
  isLeaving: ({ endpoint }) => endpoint.status === 'DELETING',
  changes: ({ endpoint: wish }, found) => {
    const { endpoint } = found
    // What it is attached to can be corrected while it does not stand.
    const fixed = isBad(endpoint) ? undefined : 'fixed'
    const rows: readonly Compared[] = [
      ['form', wish.form, found.consumer?.form, 'fixed'],
      ['labels', wish.labels, endpoint.labels],
      ['description', wish.description, endpoint.description],
      ...policyRows(wish.policy, endpoint.policy),
      ...(endpoint.cloudProvider === 'AZURE'
        ? [['address', wish.address, endpoint.privateEndpointIPAddress, fixed] as const]
        : []),
      ...(endpoint.cloudProvider === 'GCP'
        ? [
            ['gcpProject', wish.gcpProject, endpoint.gcpProjectId, fixed] as const,
            [
              'rules',
              wish.rules?.map(({ name, address }) => `${name}@${address}`).join(', '),
              endpoint.endpoints.map(({ endpointName, ipAddress }) => `${endpointName}@${ipAddress}`).join(', '),
              fixed,
            ] as const,
          ]
        : []),
      ['status', isBad(endpoint) ? 'AVAILABLE' : undefined, failure(endpoint)],
    ]
    return compare(rows)
  },
  async make({ client }, site, { service: wished, endpoint: wish }) {
    const key = serviceKey(wished)
    const service = site.services.get(key)
    if (service === undefined) throw new Error(`the endpoint service ${key} is not there`)
    const body =
      wish.local === undefined ? bodyOf(wish) : (await localConsumer({ client }, site, { service, key, wish })).body
    await client.call('ensureGroupPrivateEndpoint', {
      params: { groupId: site.groupId, cloudProvider: service.cloudProvider, endpointServiceId: service.id },
      body: {
        ...body,
        ...(wish.labels && { labels: wish.labels }),
        ...(wish.description !== undefined && { description: wish.description }),
        ...(wish.policy && { policy: policyBody(wish.policy) }),
      },
    })
  },
  async change({ client }, site, { wish: { endpoint: wish }, found, changes }) {
    const params = placeOf(site.groupId, found)
    const changed = new Set(changes.map(({ field }) => field))
    const corrected = ['address', 'gcpProject', 'rules'].some((field) => changed.has(field))
    const body = {
      ...(corrected && bodyOf(wish)),
      ...(changed.has('labels') && { labels: wish.labels ?? {} }),
      ...(changed.has('description') && { description: wish.description ?? '' }),
      ...([...changed].some((field) => field.startsWith('policy.')) && { policy: policyBody(wish.policy) }),
    }
    if (Object.keys(body).length > 0) await client.call('updateGroupPrivateEndpoint', { params, body })
    if (!changed.has('status')) return
    if (wish.local !== undefined && found.consumer === undefined) await attachAnew(client, site, { wish, found })
    // A correction is another try by itself.
    else if (!corrected) await client.call('retryGroupPrivateEndpoint', { params })
  },
  isPruned: ({ service }, { wish: { services } }) => {
    if (services === undefined) return false
    const listed = services.find((each) => serviceKey(each) === service)
    return listed === undefined || listed.endpoints !== undefined
  },
  async remove({ client, patience }, site, found) {
    const params = placeOf(site.groupId, found)
    await client.call('deleteGroupPrivateEndpoint', { params, query: { keepService: 'true' } })
    // Its service cannot go before it is gone, nor should its owner take it away under the edge's feet.
    const wait = patience.begin()
    while (await isThere(client.call('getGroupPrivateEndpoint', { params })))
      await wait(lookMs, `endpoint ${printable(found.key)} is still on its way out`)
    await found.consumer?.remove?.(client)
  },
  async standings(client, site) {
    const found = await endpointKind.look(client, site)
    return new Map(found.map((each) => [each.key, standing(each.endpoint)]))
  },
}

const lookMs = 250

/** Its side in the local cloud is gone: it is made again, and the endpoint is told what it has become. */
async function attachAnew(
  client: Client,
  site: Site,
  { wish, found }: { readonly wish: EndpointWish; readonly found: Found },
): Promise<void> {
  const service = site.services.get(found.service)
  if (service === undefined) throw new Error(`the endpoint service ${found.service} is not there`)
  const params = placeOf(site.groupId, found)
  const { body } = await localConsumer({ client }, site, { service, key: found.service, wish })
  const corrected = await client.call('updateGroupPrivateEndpoint', { params, body })
  if (isBad(corrected.body)) await client.call('retryGroupPrivateEndpoint', { params })
}

/** Those of the project's services, by service and id. They are remembered for what is attached to them next. */
async function localEndpoints(client: Client, site: Site, clouds: readonly CloudProvider[]) {
  const cloud = await lookAtLocalCloud(client, new Set(clouds))
  const byId = new Map<string, { readonly name: string; readonly consumer: Consumer }>()
  for (const [service, found] of site.services) {
    for (const [name, consumer] of consumersOf(found, cloud)) {
      site.consumers.set(keyed(service, name), consumer)
      byId.set(keyed(service, consumer.endpointId), { name, consumer })
    }
  }
  return byId
}

async function localConsumer(
  { client }: Pick<Hands, 'client'>,
  site: Site,
  {
    service,
    key,
    wish,
  }: { readonly service: EndpointServiceDetails; readonly key: string; readonly wish: EndpointWish },
): Promise<Consumer> {
  const name = wish.local ?? ''
  const there = site.consumers.get(keyed(key, name))
  if (there !== undefined) return there
  const made = await makeConsumer(client, service, { name, form: wish.form ?? 'address' })
  site.consumers.set(keyed(key, name), made)
  return made
}

const bodyOf = ({ id, address, group, gcpProject, rules }: EndpointWish): Consumer['body'] => ({
  ...(id !== undefined && { id }),
  ...(address !== undefined && { privateEndpointIPAddress: address }),
  ...(group !== undefined && { endpointGroupName: group }),
  ...(gcpProject !== undefined && { gcpProjectId: gcpProject }),
  ...(rules && { endpoints: rules.map((rule) => ({ endpointName: rule.name, ipAddress: rule.address })) }),
})

const isBad = ({ status }: Pick<PrivateEndpointDetails, 'status'>): boolean =>
  status === 'REJECTED' || status === 'FAILED'

const failure = ({ status, errorMessage }: Pick<PrivateEndpointDetails, 'status' | 'errorMessage'>): string =>
  errorMessage === null ? status : `${status} (${errorMessage})`

const standing = (endpoint: PrivateEndpointDetails): Standing => ({
  state: endpoint.status,
  settled: endpoint.status === 'AVAILABLE',
  ...(isBad(endpoint) && { failed: failure(endpoint) }),
})

async function isThere(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked
    return true
  } catch (problem) {
    if (problem instanceof ApiError && problem.status === 404) return false
    throw problem
  }
}
