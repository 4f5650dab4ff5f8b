// May this certificate be shown to an endpoint's clients? Pure, over PEM text that came over HTTP or from a file: it must
// be of the key that we hold, for all that clients may dial or ask for, and valid now.

import { type KeyObject, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import type { GatewayEndpoint } from '@postern/contract/snapshot'

/** What a certificate must speak for. */
export interface Subjects {
  readonly names: readonly string[]
  /** IP addresses. */
  readonly addresses: readonly string[]
}

/** Whoever dials an address asks for no name, and checks the address that was dialled. */
export const subjectsOf = ({
  names,
  byAddress,
  advertised,
}: Pick<GatewayEndpoint, 'names' | 'byAddress' | 'advertised'>): Subjects => {
  const hosts = byAddress ? Object.values(advertised).map(({ host }) => host) : []
  return { names, addresses: [...new Set(hosts)].filter((host) => isIP(host) !== 0) }
}

export interface Judged extends Subjects {
  readonly key: KeyObject
  /** Milliseconds since 1970. */
  readonly now: number
}

export interface Validity {
  /** Milliseconds since 1970. */
  readonly from: number
  readonly to: number
}

export type Verdict = ({ readonly good: true } & Validity) | { readonly good: false; readonly reason: string }

const bad = (reason: string): Verdict => ({ good: false, reason })

/** `chain`: PEM, the endpoint's own certificate first. */
export function judgeCertificate(chain: string, { names, addresses, key, now }: Judged): Verdict {
  let leaf: X509Certificate
  try {
    leaf = new X509Certificate(chain)
  } catch {
    return bad('it is no certificate in PEM')
  }
  const [from, to] = [Date.parse(leaf.validFrom), Date.parse(leaf.validTo)]
  if (!leaf.checkPrivateKey(key)) return bad('it is not of the key that is held')
  const uncovered = [
    ...names.filter((name) => leaf.checkHost(name) === undefined),
    ...addresses.filter((address) => leaf.checkIP(address) === undefined),
  ]
  if (uncovered.length > 0) return bad(`it is not for ${uncovered.join(', ')}`)
  if (now < from) return bad(`it is valid only from ${leaf.validFrom}`)
  if (now > to) return bad(`it expired on ${leaf.validTo}`)
  return { good: true, from, to }
}

/** In the last third of its life a certificate is to be renewed. */
export const isDue = ({ from, to }: Validity, now: number): boolean => now >= to - (to - from) / 3
