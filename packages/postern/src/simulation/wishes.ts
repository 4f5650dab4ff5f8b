// What callers ask for in the simulation, and what they were told: the wishes that must not be lost. A caller to whom
// nobody answered (the process ended) does not know whether the wish is stored, so nothing is expected of it.

import type { CloudProvider } from '@postern/contract/cloud'
import { AtlasError } from '@postern/contract/errors'
import type { SimulatedControlPlane } from './control-plane.ts'
import { Crashed } from './life.ts'
import type { Random } from './random.ts'

export interface ServiceWish {
  readonly id: string
  readonly provider: CloudProvider
  readonly region: string
  /** Somebody asked for its end, or for that of an endpoint of it, which may take it along. */
  mayBeGone: boolean
  /** Its end was acknowledged. */
  mustBeGone: boolean
}

export interface EndpointWish {
  readonly serviceId: string
  readonly provider: CloudProvider
  readonly cloudId: string
  mayBeGone: boolean
  mustBeGone: boolean
}

interface Consumer {
  readonly provider: CloudProvider
  readonly cloudId: string
  readonly address: string
  readonly serviceId: string
  attached: boolean
}

export interface Wishes {
  readonly services: readonly ServiceWish[]
  readonly endpoints: readonly EndpointWish[]
  /** Asks for a first service, so that a story does not spend itself on waiting for one. */
  readonly begin: () => Promise<void>
  /** Asks for one thing, chosen at random. Never rejects. */
  readonly make: () => Promise<void>
  /** How many terminations were taken back. */
  readonly undone: () => number
  /** At the end: the first place that is free by `taken`, and where a new service is refused all the same; or null. */
  readonly heldPlace: (taken: (place: Place) => boolean) => Promise<string | null>
}

export interface Place {
  readonly provider: CloudProvider
  readonly region: string
}

const places = [
  { provider: 'AWS', region: 'US_EAST_1' },
  { provider: 'AWS', region: 'EU_WEST_1' },
  { provider: 'AZURE', region: 'US_EAST_2' },
  { provider: 'GCP', region: 'US_EAST_4' },
] as const

const project = 'a-project'
const subscriptionId = '00000000-0000-4000-8000-000000000000'

export const createWishes = (plane: Pick<SimulatedControlPlane, 'call'>, random: Random, groupId: string): Wishes => {
  const services: ServiceWish[] = []
  const endpoints: EndpointWish[] = []
  const consumers: Consumer[] = []
  let undone = 0

  const serviceParams = ({ id, provider }: { readonly id: string; readonly provider: CloudProvider }) => ({
    groupId,
    cloudProvider: provider,
    endpointServiceId: id,
  })

  const createService = async (): Promise<void> => {
    const place = random.pick(places)
    if (place !== undefined) await createServiceAt(place)
  }

  const createServiceAt = async (place: Place): Promise<void> => {
    const { body } = await plane.call('createGroupPrivateEndpointEndpointService', {
      params: { groupId },
      body: { providerName: place.provider, region: place.region, portMappingEnabled: place.provider === 'GCP' },
    })
    services.push({ id: (body as { id: string }).id, ...place, mayBeGone: false, mustBeGone: false })
  }

  const createConsumer = async (): Promise<void> => {
    const service = random.pick(services)
    if (service === undefined) return
    const shown = await plane.call('getGroupPrivateEndpointEndpointService', { params: serviceParams(service) })
    const names = shown.body as Readonly<Record<string, unknown>>
    const made = { provider: service.provider, serviceId: service.id, attached: false }
    const name = `e${random.hex(4)}`
    switch (service.provider) {
      case 'AWS': {
        const { body } = await plane.call('createLocalAwsVpcEndpoint', {
          body: {
            serviceName: String(names.endpointServiceName),
            vpcId: 'vpc-01234567',
            subnetIds: [],
            form: 'address',
            tags: {},
          },
        })
        consumers.push({ ...made, cloudId: (body as { vpcEndpointId: string }).vpcEndpointId, address: '' })
        return
      }
      case 'AZURE': {
        const target = String(names.privateLinkServiceResourceId)
        const { body } = await plane.call('createLocalAzurePrivateEndpoint', {
          body: {
            subscriptionId,
            resourceGroupName: 'default',
            name,
            privateLinkServiceId: target,
            form: 'address',
            tags: {},
          },
        })
        const { id, privateIPAddress } = body as { id: string; privateIPAddress: string }
        consumers.push({ ...made, cloudId: id, address: privateIPAddress })
        return
      }
      case 'GCP': {
        const target = String((names.serviceAttachmentNames as readonly string[] | undefined)?.[0])
        const { body } = await plane.call('createLocalGcpForwardingRule', {
          body: { project, name, target, form: 'address', labels: {} },
        })
        const rule = (body as { forwardingRules: readonly { name: string; IPAddress: string }[] }).forwardingRules[0]
        if (rule !== undefined) consumers.push({ ...made, cloudId: rule.name, address: rule.IPAddress })
      }
    }
  }

  const attach = async (): Promise<void> => {
    const open = consumers.filter(({ attached }) => !attached)
    // Now and then one that does not exist, or that was made for another service.
    const stray = random.chance(0.1)
    const consumer = stray
      ? { provider: 'AWS' as const, cloudId: `vpce-0${random.hex(8)}`, address: '', serviceId: '', attached: false }
      : random.pick(open)
    if (consumer === undefined) return
    const service = stray
      ? random.pick(services.filter(({ provider }) => provider === 'AWS'))
      : services.find(({ id }) => id === consumer.serviceId)
    if (service === undefined) return
    consumer.attached = true
    // One that was terminated is attached anew: what became of the old wish is no question any more.
    const { cloudId } = consumer
    const old = endpoints.findIndex((one) => one.serviceId === service.id && one.cloudId === cloudId)
    const before = endpoints[old]
    if (before !== undefined) endpoints[old] = { ...before, mayBeGone: true, mustBeGone: false }
    await plane.call('createGroupPrivateEndpointEndpointServiceEndpoint', {
      params: serviceParams(service),
      body: attachment(consumer),
    })
    if (old >= 0) endpoints.splice(old, 1)
    endpoints.push({ serviceId: service.id, provider: service.provider, cloudId, mayBeGone: false, mustBeGone: false })
  }

  const deleteEndpoint = async (): Promise<void> => {
    const endpoint = random.pick(endpoints.filter(({ mustBeGone }) => !mustBeGone))
    const service = services.find(({ id }) => id === endpoint?.serviceId)
    if (endpoint === undefined || service === undefined) return
    endpoint.mayBeGone = true
    service.mayBeGone = true
    await plane.call('deleteGroupPrivateEndpointEndpointServiceEndpoint', {
      params: { ...serviceParams(service), endpointId: endpoint.cloudId },
    })
    endpoint.mustBeGone = true
    const consumer = consumers.find((one) => one.serviceId === service.id && one.cloudId === endpoint.cloudId)
    if (consumer !== undefined) consumer.attached = false
  }

  /** Whether it is refused, because its place was taken or it is not gone at all, is the control plane's to say. */
  const undoEndpoint = async (): Promise<void> => {
    const endpoint = random.pick(endpoints.filter(({ mayBeGone }) => mayBeGone))
    const service = services.find(({ id }) => id === endpoint?.serviceId)
    if (endpoint === undefined || service === undefined) return
    await undo([endpoint, service], () =>
      plane.call('undoGroupPrivateEndpointDeletion', {
        params: { ...serviceParams(service), endpointId: endpoint.cloudId },
      }),
    )
    // It stands, and its service with it, which nothing takes along as long as an endpoint is there.
    for (const wish of [endpoint, service]) wish.mayBeGone = false
    const consumer = consumers.find((one) => one.serviceId === service.id && one.cloudId === endpoint.cloudId)
    if (consumer !== undefined) consumer.attached = true
  }

  const undoService = async (): Promise<void> => {
    const service = random.pick(services.filter(({ mayBeGone }) => mayBeGone))
    if (service === undefined) return
    await undo([service], () => plane.call('undoGroupEndpointServiceDeletion', { params: serviceParams(service) }))
    // An endpoint of it that still goes may take it along.
    service.mayBeGone = endpoints.some(({ serviceId }) => serviceId === service.id)
  }

  /** While nobody has answered, none of these must be gone, and any may be. Refused, they are as they were. */
  const undo = async (
    wishes: readonly { mayBeGone: boolean; mustBeGone: boolean }[],
    ask: () => Promise<unknown>,
  ): Promise<void> => {
    const before = wishes.map(({ mayBeGone, mustBeGone }) => ({ mayBeGone, mustBeGone }))
    for (const wish of wishes) Object.assign(wish, { mayBeGone: true, mustBeGone: false })
    try {
      await ask()
      undone += 1
    } catch (error) {
      if (error instanceof AtlasError) for (const [at, wish] of wishes.entries()) Object.assign(wish, before[at])
      throw error
    }
  }

  const deleteService = async (): Promise<void> => {
    const service = random.pick(services.filter(({ mustBeGone }) => !mustBeGone))
    if (service === undefined) return
    // Refused while endpoints hang on it; then it stays.
    const before = service.mayBeGone
    service.mayBeGone = true
    try {
      await plane.call('deleteGroupPrivateEndpointEndpointService', { params: serviceParams(service) })
      service.mustBeGone = true
    } catch (error) {
      if (error instanceof AtlasError) service.mayBeGone = before
      throw error
    }
  }

  const deleteConsumer = async (): Promise<void> => {
    const consumer = random.pick(consumers.filter(({ provider }) => provider === 'AWS'))
    if (consumer === undefined) return
    await plane.call('deleteLocalAwsVpcEndpoint', { params: { vpcEndpointId: consumer.cloudId } })
  }

  const createAndAttach = async (): Promise<void> => {
    if (!consumers.some(({ attached }) => !attached)) await createConsumer()
    await attach()
  }

  /** What may come next: nobody attaches before there is a service. */
  const next = (): (() => Promise<void>) | undefined => {
    if (services.length === 0) return createService
    if (random.chance(0.08)) return random.pick([deleteService, deleteConsumer])
    const going = [...services, ...endpoints].some(({ mayBeGone }) => mayBeGone)
    if (going && random.chance(0.3)) return random.pick([undoEndpoint, undoEndpoint, undoService])
    return random.pick([
      createService,
      createAndAttach,
      createAndAttach,
      createAndAttach,
      deleteEndpoint,
      deleteEndpoint,
    ])
  }

  return {
    services,
    endpoints,
    begin: createService,
    undone: () => undone,
    heldPlace: async (taken) => {
      for (const place of places) {
        if (taken(place)) continue
        try {
          await createServiceAt(place)
        } catch (error) {
          if (!(error instanceof AtlasError)) throw error
          return `no service is in ${place.region} of ${place.provider}, and a new one is refused: ${error.message}`
        }
      }
      return null
    },
    make: async () => {
      try {
        await next()?.()
      } catch (error) {
        if (!(error instanceof AtlasError) && !(error instanceof Crashed)) throw error
      }
    },
  }
}

const attachment = ({ provider, cloudId, address }: Consumer) => {
  switch (provider) {
    case 'AWS':
      return { id: cloudId }
    case 'AZURE':
      return { id: cloudId, privateEndpointIPAddress: address }
    case 'GCP':
      return {
        gcpProjectId: project,
        endpointGroupName: cloudId,
        endpoints: [{ endpointName: cloudId, ipAddress: address }],
      }
  }
}
