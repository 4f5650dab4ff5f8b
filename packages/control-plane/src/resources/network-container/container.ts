// A network container: the network that Atlas would make a group's clusters in. There is none here; it is kept as it was
// told, or made up with Atlas's own defaults when the first cluster or endpoint service of a region comes. Pure.

import { BlockList } from 'node:net'
import type { CloudProvider } from '@postern/contract/cloud'
import { AtlasError } from '@postern/contract/errors'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { parseRange } from '../../identity/address-range.ts'
import type { Tables } from '../../store/tables.ts'

export type ContainerRow = Selectable<Tables['network_container']>

const regionList = z.array(z.string())

const invalid = (field: string, description: string): AtlasError =>
  new AtlasError('INVALID_ATTRIBUTE', { attribute: field }, { fields: [{ field, description }] })

/** Prefix lengths that Atlas allows. */
const prefixes = { from: 16, to: 24 } as const
const privateRanges = new BlockList()
privateRanges.addSubnet('10.0.0.0', 8)
privateRanges.addSubnet('172.16.0.0', 12)
privateRanges.addSubnet('192.168.0.0', 16)

/** Throws INVALID_ATTRIBUTE for what is no private IPv4 network of Atlas's sizes. */
export const parseContainerCidr = (text: string): string => {
  const cidr = parseRange(text)?.cidr
  const [address = '', length = ''] = cidr?.split('/') ?? []
  const prefix = Number(length)
  if (cidr === undefined || prefix < prefixes.from || prefix > prefixes.to || !privateRanges.check(address))
    throw invalid('atlasCidrBlock', 'must be a private network of /16 to /24, such as 192.168.248.0/21')
  return cidr
}

const startOf = (cidr: string): number =>
  (cidr.split('/')[0] ?? '').split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
const sizeOf = (cidr: string): number => 2 ** (32 - Number(cidr.split('/')[1]))

export const overlaps = (one: string, other: string): boolean =>
  startOf(one) < startOf(other) + sizeOf(other) && startOf(other) < startOf(one) + sizeOf(one)

/** Atlas's first choice, 192.168.248.0/21, or the nearest below it that is free; Google Cloud gets a /18. */
export const freeCidr = (provider: CloudProvider, taken: readonly string[]): string => {
  if (provider === 'GCP') return '192.168.0.0/18'
  const choices = Array.from({ length: 32 }, (_, at) => `192.168.${248 - 8 * at}.0/21`)
  return choices.find((choice) => !taken.some((each) => overlaps(choice, each))) ?? '192.168.248.0/21'
}

/** Keys in the contract's order; what a cloud would name (VPC, VNet, network) is left out, since there is none. */
export const containerView = (row: ContainerRow, provisioned: boolean) => {
  const regions = regionList.parse(row.regions)
  return {
    atlasCidrBlock: row.cidr,
    id: row.id,
    providerName: row.provider,
    provisioned,
    ...(row.provider === 'AZURE' && { region: row.region ?? '' }),
    ...(row.provider === 'AWS' && { regionName: row.region ?? '' }),
    ...(row.provider === 'GCP' && { regions }),
  }
}
