// One journey under fire: service, consumer endpoint, attachment, termination, step by step, until a kill ends it. It
// keeps what was acknowledged, so that after the restart every wish can be asked for; and what it was doing when the
// kill came, for the histogram.

import { ApiError, type Client } from '@postern/contract/client'
import { attach, type EndpointForm } from '../quickstart/forms.ts'
import { until } from '../up/wait.ts'

/** What a journey does, one after the other. */
export const phases = [
  'request in flight: create service',
  'wish unfinished: service INITIATING',
  'request in flight: create consumer endpoint',
  'request in flight: attach endpoint',
  'wish unfinished: endpoint not yet AVAILABLE',
  'request in flight: delete endpoint',
  'wish unfinished: endpoint DELETING',
  'wish unfinished: service going with its last endpoint',
] as const

export type Phase = (typeof phases)[number] | 'between two wishes'

export interface Journey {
  readonly form: EndpointForm
  /** Runs until it is through or a request fails because the server died. */
  readonly run: () => Promise<void>
  readonly phase: () => Phase
  /** Resolves when it comes to this phase, or ends before. */
  readonly comesTo: (phase: Phase) => Promise<void>
  /** Asks for every acknowledged wish and waits for its end; then finishes what is left. Throws what was lost. */
  readonly verify: () => Promise<void>
}

interface Wishes {
  /** Acknowledged by a 2xx; `asked` alone means that the answer never came. */
  serviceId: string | null
  endpoint: { readonly id: string; acknowledged: boolean } | null
  deletion: 'none' | 'asked' | 'acknowledged'
}

const reachesItsEndWithinMs = 30_000

export function createJourney(client: Client, groupId: string, form: EndpointForm): Journey {
  const wishes: Wishes = { serviceId: null, endpoint: null, deletion: 'none' }
  let phase: Phase = 'between two wishes'
  let ended = false
  let told = (): void => {}
  const during = async <Value>(now: Phase, work: () => Promise<Value>): Promise<Value> => {
    phase = now
    told()
    const value = await work()
    phase = 'between two wishes'
    return value
  }
  const comesTo = async (wanted: Phase): Promise<void> => {
    while (phase !== wanted && !ended) await new Promise<void>((resolve) => (told = resolve))
  }
  const at = (endpointServiceId: string) => ({ groupId, cloudProvider: form.provider, endpointServiceId })

  const serviceStatus = async (id: string): Promise<string> =>
    (await gone(() => client.call('getGroupPrivateEndpointEndpointService', { params: at(id) })))?.body.status ?? 'GONE'
  const endpointStatus = async (serviceId: string, endpointId: string): Promise<string> => {
    const found = await gone(() =>
      client.call('getGroupPrivateEndpointEndpointServiceEndpoint', { params: { ...at(serviceId), endpointId } }),
    )
    if (found === undefined) return 'GONE'
    return found.body.cloudProvider === 'AWS' ? found.body.connectionStatus : found.body.status
  }
  const serviceReaches = (id: string, wanted: string): Promise<true> =>
    until(`service ${id} becoming ${wanted}`, reachesItsEndWithinMs, async () =>
      (await serviceStatus(id)) === wanted ? true : undefined,
    )
  const endpointReaches = (serviceId: string, endpointId: string, wanted: string): Promise<true> =>
    until(`endpoint ${endpointId} becoming ${wanted}`, reachesItsEndWithinMs, async () => {
      const status = await endpointStatus(serviceId, endpointId)
      if (status === wanted) return true
      if (status === 'REJECTED' || status === 'FAILED') throw new Error(`endpoint ${endpointId} became ${status}`)
      return undefined
    })

  const run = (): Promise<void> =>
    walk().finally(() => {
      ended = true
      told()
    })

  const walk = async (): Promise<void> => {
    const created = await during('request in flight: create service', () =>
      client.call('createGroupPrivateEndpointEndpointService', { params: { groupId }, body: serviceBody(form) }),
    )
    const serviceId = created.body.id
    wishes.serviceId = serviceId
    await during('wish unfinished: service INITIATING', () => serviceReaches(serviceId, 'AVAILABLE'))
    const place = { groupId, endpointServiceId: serviceId }
    const consumer = await during('request in flight: create consumer endpoint', () =>
      form.createConsumer(client, place),
    )
    const endpoint = { id: consumer.endpointId, acknowledged: false }
    wishes.endpoint = endpoint
    await during('request in flight: attach endpoint', () => attach(client, form, { ...place, body: consumer.body }))
    endpoint.acknowledged = true
    await during('wish unfinished: endpoint not yet AVAILABLE', () =>
      endpointReaches(serviceId, endpoint.id, 'AVAILABLE'),
    )
    wishes.deletion = 'asked'
    await during('request in flight: delete endpoint', () =>
      client.call('deleteGroupPrivateEndpointEndpointServiceEndpoint', {
        params: { ...at(serviceId), endpointId: endpoint.id },
      }),
    )
    wishes.deletion = 'acknowledged'
    await during('wish unfinished: endpoint DELETING', () => endpointReaches(serviceId, endpoint.id, 'GONE'))
    await during('wish unfinished: service going with its last endpoint', () => serviceReaches(serviceId, 'GONE'))
  }

  const verify = async (): Promise<void> => {
    const { serviceId, endpoint } = wishes
    if (serviceId === null) return clearRegion(client, groupId, form)
    if (endpoint?.acknowledged === true && wishes.deletion === 'none') {
      await endpointReaches(serviceId, endpoint.id, 'AVAILABLE')
    } else if (wishes.deletion === 'acknowledged' && endpoint !== null) {
      await endpointReaches(serviceId, endpoint.id, 'GONE')
      await serviceReaches(serviceId, 'GONE')
    } else if (wishes.deletion === 'none') await serviceReaches(serviceId, 'AVAILABLE')
    await clearRegion(client, groupId, form)
  }
  return { form, run, phase: () => phase, comesTo, verify }
}

const serviceBody = (form: EndpointForm) => ({
  providerName: form.provider,
  region: form.region,
  ...(form.portMappingEnabled === undefined ? {} : { portMappingEnabled: form.portMappingEnabled }),
})

/** Ends what a killed journey left in its region: endpoints first, then services; each must be gone in the end. */
async function clearRegion(client: Client, groupId: string, { provider: cloudProvider }: EndpointForm): Promise<void> {
  await until(`every ${cloudProvider} service being gone`, reachesItsEndWithinMs, async () => {
    const { body: services } = await client.call('listGroupPrivateEndpointEndpointService', {
      params: { groupId, cloudProvider },
    })
    for (const service of services) {
      const endpointIds =
        'interfaceEndpoints' in service
          ? service.interfaceEndpoints
          : 'privateEndpoints' in service
            ? service.privateEndpoints
            : service.endpointGroupNames
      const at = { groupId, cloudProvider, endpointServiceId: service.id }
      for (const endpointId of endpointIds)
        await gone(() =>
          client.call('deleteGroupPrivateEndpointEndpointServiceEndpoint', { params: { ...at, endpointId } }),
        )
      if (endpointIds.length === 0)
        await gone(() => client.call('deleteGroupPrivateEndpointEndpointService', { params: at }))
    }
    return services.length === 0 ? true : undefined
  })
}

async function gone<Value>(ask: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 409)) return undefined
    throw error
  }
}
