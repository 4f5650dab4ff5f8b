// The local cloud's provider side: the seam's full implementation on tables in the store. It takes as long for a step as
// the settings say, keeps each cloud's ids and states, and fails where it is asked to by name: an endpoint whose name or
// tags hold `fail-accept` is refused when it is to be accepted, so that anybody can look at a failure.

import { isCloudProvider } from '@postern/contract/cloud'
import type { Parts } from '../../parts.ts'
import {
  type ConsumerRef,
  type Provider,
  type SeenConsumer,
  type ServiceWish,
  serviceNamesSchema,
  targetsOf,
} from '../provider.ts'
import { portsNeeded } from './addresses.ts'
import { addConsumers, type Consumer, parseConsumer } from './consumer.ts'
import { serviceNames } from './names.ts'
import { dialHosts } from './place.ts'
import { type Probe, probeByListening } from './probe.ts'

const failsWhenAccepted = ({ cloudId, properties }: Consumer): boolean =>
  JSON.stringify([cloudId, properties.tags]).includes('fail-accept')

const failureWords = 'The cloud refused the connection: the endpoint is named fail-accept, which asks for just that.'

/** The local cloud as a provider. `probe` says whether an address is free to listen on. */
export const createLocalProvider = (parts: Parts, probe: Probe = probeByListening): Provider => {
  const { store, clock, settings } = parts
  const readyAt = (): Date => new Date(clock.now() + settings.localProvisionMs)

  const consumersById = async (
    wish: ServiceWish,
    cloudIds: readonly string[],
  ): Promise<ReadonlyMap<string, Consumer>> => {
    if (cloudIds.length === 0) return new Map()
    const rows = await store.read
      .selectFrom('local_endpoint')
      .selectAll()
      .where('provider', '=', wish.provider)
      .where(({ fn, eb }) =>
        eb(
          fn<string>('lower', ['cloud_id']),
          'in',
          cloudIds.map((id) => id.toLowerCase()),
        ),
      )
      .execute()
    return new Map(rows.map((row) => [row.cloud_id.toLowerCase(), parseConsumer(row)]))
  }

  const ownTargets = async (wish: ServiceWish): Promise<ReadonlySet<string>> => {
    const row = await store.read
      .selectFrom('local_service')
      .select('names')
      .where('service_id', '=', wish.serviceId)
      .executeTakeFirst()
    return new Set(row === undefined ? [] : targetsOf(serviceNamesSchema.parse(row.names)))
  }

  return {
    async observeService({ serviceId }) {
      const row = await store.read
        .selectFrom('local_service')
        .selectAll()
        .where('service_id', '=', serviceId)
        .executeTakeFirst()
      if (row === undefined || !isCloudProvider(row.provider)) return null
      return { names: serviceNamesSchema.parse(row.names), readyAt: row.ready_at.getTime(), failure: null }
    },

    async ensureService(wish) {
      await store.transact((tx) =>
        tx
          .insertInto('local_service')
          .values({
            service_id: wish.serviceId,
            provider: wish.provider,
            region: wish.region,
            names: JSON.stringify(serviceNames(wish)),
            ready_at: readyAt(),
          })
          .onConflict((conflict) => conflict.doNothing())
          .execute(),
      )
    },

    async removeService(wish) {
      const targets = [...(await ownTargets(wish))]
      await store.transact(async (tx) => {
        await tx.deleteFrom('local_acceptance').where('service_id', '=', wish.serviceId).execute()
        await tx.deleteFrom('local_service').where('service_id', '=', wish.serviceId).execute()
        if (targets.length === 0) return
        await tx.updateTable('local_endpoint').set({ state: 'rejected' }).where('target', 'in', targets).execute()
      })
    },

    async observeEndpoints(wish, refs) {
      const found = await consumersById(
        wish,
        refs.map(({ cloudId }) => cloudId),
      )
      const acceptances = await store.read
        .selectFrom('local_acceptance')
        .select(['local_endpoint_id', 'ready_at'])
        .where('service_id', '=', wish.serviceId)
        .execute()
      const ready = new Map(acceptances.map((row) => [row.local_endpoint_id, row.ready_at.getTime()]))
      return refs.map(({ cloudId }): SeenConsumer | null => {
        const consumer = found.get(cloudId.toLowerCase())
        if (consumer === undefined) return null
        const acceptedAt = ready.get(consumer.id)
        return {
          cloudId: consumer.cloudId,
          target: consumer.target,
          region: consumer.region,
          address: consumer.properties.address,
          linkIds: [consumer.linkId],
          connection: acceptedAt !== undefined ? 'accepted' : consumer.state === 'rejected' ? 'rejected' : 'pending',
          readyAt: acceptedAt ?? clock.now(),
          failure: consumer.properties.failure,
          form: consumer.form,
          hosts: dialHosts(settings, consumer.hosts),
          firstPort: consumer.firstPort,
          portCount: consumer.portCount,
        }
      })
    },

    async listEndpoints(provider) {
      const services = await store.read
        .selectFrom('local_service')
        .select(['service_id', 'names'])
        .where('provider', '=', provider)
        .execute()
      const owners = new Map(
        services.flatMap(({ service_id, names }) =>
          targetsOf(serviceNamesSchema.parse(names)).map((target) => [target, service_id] as const),
        ),
      )
      const rows = await store.read
        .selectFrom('local_endpoint')
        .selectAll()
        .where('provider', '=', provider)
        .orderBy('created')
        .orderBy('id')
        .execute()
      return rows.map((row) => {
        const { cloudId, target, region, state, created, properties } = parseConsumer(row)
        const serviceId = owners.get(target) ?? null
        return { cloudId, target, serviceId, region, address: properties.address, connection: state, created }
      })
    },

    async acceptEndpoints(wish, cloudIds) {
      const targets = await ownTargets(wish)
      const consumers = [...(await consumersById(wish, cloudIds)).values()].filter(({ target }) => targets.has(target))
      await store.transact(async (tx) => {
        for (const consumer of consumers) {
          const fails = failsWhenAccepted(consumer)
          const changed = await tx
            .updateTable('local_endpoint')
            .set({
              state: fails ? 'rejected' : 'accepted',
              ...(fails ? { properties: JSON.stringify({ ...consumer.properties, failure: failureWords }) } : {}),
            })
            .where('id', '=', consumer.id)
            .executeTakeFirst()
          // Deleted meanwhile: there is nothing left to accept, and the next look will say so.
          if (fails || changed.numUpdatedRows === 0n) continue
          await tx
            .insertInto('local_acceptance')
            .values({ service_id: wish.serviceId, local_endpoint_id: consumer.id, ready_at: readyAt() })
            .onConflict((conflict) => conflict.doNothing())
            .execute()
        }
      })
    },

    async rejectEndpoints(wish, cloudIds) {
      const targets = await ownTargets(wish)
      const consumers = [...(await consumersById(wish, cloudIds)).values()].filter(({ target }) => targets.has(target))
      if (consumers.length === 0) return
      const ids = consumers.map(({ id }) => id)
      await store.transact(async (tx) => {
        await tx
          .deleteFrom('local_acceptance')
          .where('service_id', '=', wish.serviceId)
          .where('local_endpoint_id', 'in', ids)
          .execute()
        await tx.updateTable('local_endpoint').set({ state: 'rejected' }).where('id', 'in', ids).execute()
      })
    },

    async registerEndpoints(wish, refs) {
      const known = await consumersById(
        wish,
        refs.map(({ cloudId }) => cloudId),
      )
      const targets = [...(await ownTargets(wish))]
      const wanted = refs.flatMap((ref, at) => {
        const target = targets.length === 1 ? targets[0] : targets[at]
        if (known.has(ref.cloudId.toLowerCase()) || target === undefined) return []
        return [unknownConsumer(wish, ref, target)]
      })
      if (wanted.length === 0) return
      const portCount = portsNeeded(wish.provider, targets.length)
      await addConsumers(parts, probe, { wanted, portCount, check: async () => {} })
    },
  }
}

const unknownConsumer = (wish: ServiceWish, { cloudId, address }: ConsumerRef, target: string) => ({
  provider: wish.provider,
  cloudId,
  region: wish.region,
  target,
  form: 'address' as const,
  properties: { address, tags: {}, ...propertiesOf(wish, cloudId) },
})

/** Reads back what a cloud's id says of its owner. */
const propertiesOf = (wish: ServiceWish, cloudId: string) => {
  const at = cloudId.split('/')
  switch (wish.provider) {
    case 'AWS':
      return { aws: { vpcId: 'vpc-0123456789abcdef0', subnetIds: [] } }
    case 'AZURE':
      return { azure: { subscriptionId: at[2] ?? '', resourceGroupName: at[4] ?? '', name: at[8] ?? '' } }
    case 'GCP':
      return { gcp: { project: at[1] ?? '', name: at[5] ?? '' } }
  }
}
