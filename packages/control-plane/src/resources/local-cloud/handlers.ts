// The local cloud's door: what `aws ec2 create-vpc-endpoint`, `az network private-endpoint create` and `gcloud compute
// forwarding-rules create` do in a real one. A consumer's endpoint is made here first and attached by the Atlas API then.

import { atlasRegion, cloudRegion } from '@postern/contract/cloud'
import { AtlasError } from '@postern/contract/errors'
import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { type Probe, probeByListening } from '../../providers/local/probe.ts'
import { deleteConsumer, freshlyMade, listConsumers, makeConsumers, regionOr, requireTarget } from './consumers.ts'
import { awsView, azureView, gcpView } from './view.ts'

/** `probe` says whether an address is free to listen on. */
export const localCloudHandlers = (
  parts: Parts,
  probe: Probe = probeByListening,
): Handlers<
  | 'createLocalAwsVpcEndpoint'
  | 'listLocalAwsVpcEndpoints'
  | 'deleteLocalAwsVpcEndpoint'
  | 'createLocalAzurePrivateEndpoint'
  | 'listLocalAzurePrivateEndpoints'
  | 'deleteLocalAzurePrivateEndpoint'
  | 'createLocalGcpForwardingRule'
  | 'listLocalGcpForwardingRules'
  | 'deleteLocalGcpForwardingRule'
> => ({
  createLocalAwsVpcEndpoint: async ({ body }) => {
    const target = await requireTarget(parts, 'AWS', body.serviceName)
    const region = regionOr('AWS', body.region, target.region, 'region')
    const properties = { address: null, tags: body.tags, aws: { vpcId: body.vpcId, subnetIds: body.subnetIds } }
    const wanted = [{ provider: 'AWS' as const, region, target: target.targets[0] ?? '', form: body.form, properties }]
    const [made] = await makeConsumers(parts, probe, { target, wanted })
    return made === undefined ? {} : { body: awsView(freshlyMade(parts, made)) }
  },
  listLocalAwsVpcEndpoints: async () => listed((await listConsumers(parts, 'AWS')).map(awsView)),
  deleteLocalAwsVpcEndpoint: async ({ params }) => {
    await deleteConsumer(parts, 'AWS', params.vpcEndpointId ?? '')
    return {}
  },

  createLocalAzurePrivateEndpoint: async ({ body }) => {
    const target = await requireTarget(parts, 'AZURE', body.privateLinkServiceId)
    const region = regionOr('AZURE', body.location, target.region, 'location')
    const { subscriptionId, resourceGroupName, name, tags } = body
    const cloudId = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}/providers/Microsoft.Network/privateEndpoints/${name}`
    const properties = { address: null, tags, azure: { subscriptionId, resourceGroupName, name } }
    const wanted = [
      { provider: 'AZURE' as const, cloudId, region, target: target.targets[0] ?? '', form: body.form, properties },
    ]
    const [made] = await makeConsumers(parts, probe, { target, wanted })
    return made === undefined ? {} : { body: azureView(freshlyMade(parts, made)) }
  },
  listLocalAzurePrivateEndpoints: async () => listed((await listConsumers(parts, 'AZURE')).map(azureView)),
  deleteLocalAzurePrivateEndpoint: async ({ params }) => {
    await deleteConsumer(parts, 'AZURE', params.privateEndpointId ?? '')
    return {}
  },

  createLocalGcpForwardingRule: async ({ body }) => {
    const target = await requireTarget(parts, 'GCP', body.target)
    const region = regionOr('GCP', body.region, target.region, 'region')
    if (region !== target.region) {
      const description = `A forwarding rule must be in its attachment's region, ${cloudRegion('GCP', target.region)}.`
      const fields = [{ field: 'region', description }]
      throw new AtlasError('INVALID_ATTRIBUTE', { attribute: 'region' }, { fields })
    }
    const { project, name, count, labels } = body
    if (count !== undefined && target.targets.length > 1 && count > target.targets.length) {
      const description = `The service has ${target.targets.length} attachments, and a rule is made for each.`
      const fields = [{ field: 'count', description }]
      throw new AtlasError('INVALID_ATTRIBUTE', { attribute: 'count' }, { fields })
    }
    const named = target.targets.find((one) => one.toLowerCase() === body.target.toLowerCase()) ?? ''
    const names = count === undefined ? [name] : Array.from({ length: count }, (_, rule) => `${name}-${rule}`)
    const wanted = names.map((ruleName, rule) => ({
      provider: 'GCP' as const,
      cloudId: `projects/${project}/regions/${cloudRegion('GCP', region)}/forwardingRules/${ruleName}`,
      region,
      target: count === undefined ? named : (target.targets[rule % target.targets.length] ?? ''),
      form: body.form,
      properties: { address: null, tags: labels, gcp: { project, name: ruleName } },
    }))
    const made = await makeConsumers(parts, probe, { target, wanted })
    const forwardingRules = made.map((consumer) => gcpView(freshlyMade(parts, consumer)))
    const endpoints = forwardingRules.map((rule) => `${rule.name}@${rule.IPAddress}`).join(',')
    return { body: { endpointGroupName: name, endpoints, forwardingRules } }
  },
  listLocalGcpForwardingRules: async () => listed((await listConsumers(parts, 'GCP')).map(gcpView)),
  deleteLocalGcpForwardingRule: async ({ params }) => {
    const { project = '', region = '', forwardingRuleName = '' } = params
    const known = atlasRegion('GCP', region)
    const place = known === undefined ? region : cloudRegion('GCP', known)
    await deleteConsumer(parts, 'GCP', `projects/${project}/regions/${place}/forwardingRules/${forwardingRuleName}`)
    return {}
  },
})

const listed = <Item>(results: Item[]) => ({ body: { results, totalCount: results.length } })
