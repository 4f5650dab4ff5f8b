// Whether something could be created: it is created, and taken back. What a turn would find out later is asked of the cloud
// beside that.

import { AtlasError } from '@postern/contract/errors'
import type { Blocker } from '@postern/contract/schemas/preview'
import type { Call, Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { type Providers, targetsOf } from '../../providers/provider.ts'
import { rehearse } from '../../store/rehearse.ts'
import { askedService, makeService } from '../endpoint-service/create.ts'
import { serviceWish } from '../endpoint-service/row.ts'
import { type Attached, attachEndpoint } from '../private-endpoint/attach.ts'
import { nextEndpointStep } from '../private-endpoint/next-step.ts'
import { consumerRefs } from '../private-endpoint/request.ts'
import { heldByOthers } from '../private-endpoint/shared-rules.ts'
import { asCheck, blockerOf } from './blockers.ts'

export const creationPreviewHandlers = (
  parts: Parts,
  providers: Providers,
): Handlers<'checkGroupEndpointService' | 'checkGroupPrivateEndpoint'> => ({
  checkGroupEndpointService: async ({ params, body, actor, sourceAddress }) => {
    const blockers = await rehearse(parts.store, async (tx) => {
      const asked = askedService(body)
      const { made, service } = await makeService(tx, parts, { params, asked, by: { actor, sourceAddress } })
      if (made) return []
      const { provider, region, id: endpointServiceId } = service
      const facts = { provider, region, endpointServiceId }
      throw new AtlasError('PRIVATE_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION', facts)
    }).catch((thrown: unknown) => [blockerOf(thrown)])
    return { body: asCheck(blockers) }
  },

  checkGroupPrivateEndpoint: async (call) => {
    const blockers = await rehearseAttachment(parts, call)
      .then((attached) => laterRefusal({ parts, providers }, attached))
      .catch((thrown: unknown) => [blockerOf(thrown)])
    return { body: asCheck(blockers) }
  },
})

const rehearseAttachment = (
  parts: Parts,
  { params, body, actor, sourceAddress }: Call<'checkGroupPrivateEndpoint'>,
): Promise<Attached> =>
  rehearse(parts.store, async (tx) => {
    const attached = await attachEndpoint(tx, parts, { params, body, by: { actor, sourceAddress } })
    if (attached.made) return attached
    const { endpoint, service } = attached
    const facts = { endpointId: endpoint.cloudId, endpointServiceId: service.id }
    throw new AtlasError('PRIVATE_ENDPOINT_ALREADY_EXISTS', facts)
  })

/** What its first turn would say of the consumer's side as it is now. */
const laterRefusal = async (
  { parts, providers }: { readonly parts: Parts; readonly providers: Providers },
  { endpoint, service }: Attached,
): Promise<readonly Blocker[]> => {
  const targets = service.names === null ? [] : targetsOf(service.names)
  const wish = serviceWish(service, targets.length)
  const refs = consumerRefs(endpoint.cloudId, endpoint.request, service.region)
  const provider = providers[service.provider]
  const step = nextEndpointStep(
    {
      provider: service.provider,
      region: service.region,
      portMapping: service.portMapping,
      supportedRemoteRegions: service.supportedRemoteRegions ?? [],
      targets,
      refs,
      phase: endpoint.phase,
      deleteRequested: false,
      serviceStatus: service.status,
      takeUnknown: parts.settings.unknownEndpoints === 'accept' && provider.registerEndpoints !== undefined,
      told: null,
    },
    {
      consumers: await provider.observeEndpoints(wish, refs),
      edges: { done: false, reason: '', problem: false },
      heldByOthers: await heldByOthers(parts.store.read, endpoint, service),
    },
    parts.clock.now(),
  )
  return step.do === 'refuse' ? [{ errorCode: null, detail: step.reason, field: 'id' }] : []
}
