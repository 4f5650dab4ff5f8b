// May this endpoint be attached? The rules of the three clouds over what was asked for and what its cloud shows: pure.
// A refusal is a sentence that says why and what to do; it becomes the endpoint's errorMessage.

import { type CloudProvider, cloudRegion } from '@postern/contract/cloud'
import type { ConsumerRef, SeenConsumer } from '../../providers/provider.ts'

export interface Case {
  readonly provider: CloudProvider
  /** The service's region, Atlas's spelling. */
  readonly region: string
  readonly portMapping: boolean
  readonly supportedRemoteRegions: readonly string[]
  /** What a consumer may target, by member slot in GCP's legacy form. */
  readonly targets: readonly string[]
  readonly refs: readonly ConsumerRef[]
}

/** `consumers` by slot of the service: one, or in GCP's legacy form one per attachment in their order. */
export type Verdict =
  | { readonly fits: true; readonly consumers: readonly SeenConsumer[] }
  | { readonly fits: false; readonly fault: Fault; readonly reason: string }

/** What kind of thing is wrong, for whoever wants to say what to do about it. */
export type Fault = 'count' | 'missing' | 'failed' | 'stranger' | 'region' | 'address' | 'uncovered'

const again = 'retry this endpoint, or delete it and add it again'
const no = (fault: Fault, reason: string): Verdict => ({ fits: false, fault, reason })

/** What is called what, in each cloud's own words. */
const nouns = { AWS: 'VPC endpoint', AZURE: 'private endpoint', GCP: 'forwarding rule' } as const

/** GCP's legacy form demands one rule per attachment; null where the count is right. */
export const wrongCount = ({ provider, portMapping, targets, refs }: Case): string | null => {
  if (provider !== 'GCP' || portMapping || refs.length === targets.length) return null
  return `${refs.length} of ${targets.length} forwarding rules were given: without port mapping each of the service's ${targets.length} attachments needs one. Make ${targets.length} rules, then ${again} with all of them.`
}

/** `seen` answers `refs`, in order. */
export const judge = (given: Case, seen: readonly (SeenConsumer | null)[]): Verdict => {
  const { provider, targets, refs } = given
  const count = wrongCount(given)
  if (count !== null) return no('count', count)

  const missing = refs.filter((_, at) => (seen[at] ?? null) === null)
  if (missing.length > 0) return no('missing', missingReason(given, missing))
  const consumers = seen.filter((one) => one !== null)

  const failed = consumers.find(({ failure }) => failure !== null)
  if (failed !== undefined) return no('failed', `${failed.failure} Make another ${nouns[provider]}, then add that one.`)

  const stranger = consumers.find(({ target }) => !includes(targets, target))
  if (stranger !== undefined) {
    return no(
      'stranger',
      `The ${nouns[provider]} ${nameOf(stranger.cloudId)} was made for ${stranger.target}, not for this service. Make one for ${targets[0]}, then add that one.`,
    )
  }

  const far = consumers.find((one) => !regionFits(given, one.region))
  if (far !== undefined) {
    return no(
      'region',
      `The ${nouns[provider]} ${nameOf(far.cloudId)} is in ${far.region}, which this service in ${given.region} does not accept. Add ${far.region} to the service's supportedRemoteRegions, then ${again}.`,
    )
  }

  const moved = consumers.findIndex(({ address }, at) => address !== null && address !== (refs[at]?.address ?? address))
  if (moved !== -1) {
    return no(
      'address',
      `The ${nouns[provider]} ${nameOf(consumers[moved]?.cloudId ?? '')} has the IP address ${consumers[moved]?.address}, not ${refs[moved]?.address}. ${capital(again)} with the right address.`,
    )
  }

  if (targets.length === 1) return { fits: true, consumers }
  const bySlot = targets.map((target) => consumers.filter((one) => same(one.target, target)))
  const uncovered = bySlot.findIndex((ones) => ones.length !== 1)
  if (uncovered === -1) return { fits: true, consumers: bySlot.flat() }
  const covered = bySlot.filter((ones) => ones.length > 0).length
  return no(
    'uncovered',
    `${covered} of ${targets.length} service attachments have a forwarding rule: ${bySlot[uncovered]?.length ?? 0} rules target ${targets[uncovered]}. Make exactly one rule for each attachment, then ${again}.`,
  )
}

const missingReason = ({ provider, region, targets, refs }: Case, missing: readonly ConsumerRef[]): string => {
  const place = cloudRegion(provider, region)
  switch (provider) {
    case 'AWS':
      return `The VPC endpoint ${missing[0]?.cloudId} does not exist. Create it for the service ${targets[0]} (region ${place}), or correct the ID, then ${again}.`
    case 'AZURE':
      return `The private endpoint ${missing[0]?.cloudId} does not exist. Create it for ${targets[0]}, or correct the resource ID, then ${again}.`
    case 'GCP':
      return `${countOf(refs, missing)}: ${listOf(missing)} could not be found in ${missing[0]?.cloudId.split('/')[1]}, region ${place}. Create what is missing, then ${again}.`
  }
}

/** Why an endpoint that was attached is none any more, where somebody deleted it in its cloud; null: it is all there. */
export const deletedReason = (given: Case, seen: readonly (SeenConsumer | null)[]): string | null => {
  const { provider, region, targets, refs } = given
  const missing = refs.filter((_, at) => (seen[at] ?? null) === null)
  if (missing.length === 0) return null
  switch (provider) {
    case 'AWS':
      return `The VPC endpoint ${missing[0]?.cloudId} was deleted in its cloud. Create another one for the service ${targets[0]} (region ${cloudRegion(provider, region)}) and add that; delete this endpoint.`
    case 'AZURE':
      return `The private endpoint ${missing[0]?.cloudId} was deleted in its cloud. Create it again for ${targets[0]}, then ${again}.`
    case 'GCP':
      return `${countOf(refs, missing)}: ${listOf(missing)} ${missing.length === 1 ? 'was' : 'were'} deleted in ${missing[0]?.cloudId.split('/')[1]}, region ${cloudRegion(provider, region)}. Create ${missing.length === 1 ? 'it' : 'them'} again, then ${again}.`
  }
}

const countOf = (refs: readonly ConsumerRef[], missing: readonly ConsumerRef[]): string =>
  `${refs.length - missing.length} of ${refs.length} forwarding rules exist`

const listOf = (missing: readonly ConsumerRef[]): string => {
  const names = missing.map(({ cloudId }) => nameOf(cloudId))
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')
}

const regionFits = ({ provider, region, supportedRemoteRegions }: Case, consumer: string): boolean =>
  provider !== 'AWS' || consumer === region || supportedRemoteRegions.includes(consumer)

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()
const includes = (targets: readonly string[], target: string): boolean => targets.some((one) => same(one, target))
const nameOf = (cloudId: string): string => cloudId.split('/').at(-1) ?? cloudId
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
