// What makes two things of a file, or of file and server, the same one. Also what is shown of them.

import { isIP } from 'node:net'
import { atlasRegion, type CloudProvider } from '@postern/contract/cloud'

interface Place {
  readonly provider: CloudProvider
  readonly region: string
  readonly portMapping?: boolean
}

/** A region in Atlas's spelling, whatever spelling the file has. */
export const regionOf = ({ provider, region }: Place): string => atlasRegion(provider, region) ?? region

/** In Google Cloud there may be two services in a region: with port mapping, and without. */
export const serviceKey = (place: Place): string =>
  `${place.provider} ${regionOf(place)}${place.provider === 'GCP' && place.portMapping !== true ? ' (a rule per member)' : ''}`

export const endpointName = ({
  id,
  group,
  local,
}: {
  readonly id?: string
  readonly group?: string
  readonly local?: string
}): string => (local === undefined ? (id ?? group ?? '') : localName(local))

export const localName = (name: string): string => `local ${name}`

export const userKey = ({ username, database }: { readonly username: string; readonly database: string }): string =>
  database === 'admin' ? username : `${username} of ${database}`

/** Users with a certificate are of $external. */
export const databaseOf = ({ x509 }: { readonly x509?: string }): 'admin' | '$external' =>
  x509 === undefined ? 'admin' : '$external'

/** One spelling for each range, which is the server's: `10.0.0.7` is `10.0.0.7/32`. Undefined for what is no range. */
export function rangeOf(text: string): string | undefined {
  const [, address = '', length] = /^([0-9a-f:.]+)(?:\/(\d{1,3}))?$/i.exec(text.trim()) ?? []
  const family = isIP(address)
  const whole = family === 4 ? 32 : 128
  const prefix = length === undefined ? whole : Number(length)
  if (family === 0 || prefix > whole) return undefined
  return `${family === 4 ? address : new URL(`http://[${address}]`).hostname.slice(1, -1)}/${prefix}`
}

export const accessValue = ({
  ip,
  cidr,
  securityGroup,
}: {
  readonly ip?: string
  readonly cidr?: string
  readonly securityGroup?: string
}): string => securityGroup ?? rangeOf(ip ?? cidr ?? '') ?? ip ?? cidr ?? ''
