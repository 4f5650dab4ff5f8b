// May this certificate be shown to an endpoint's clients? Pure, over PEM text that came over HTTP or from a file: it must
// be of the key that we hold, for every name that clients may ask for, and valid now.

import { type KeyObject, X509Certificate } from 'node:crypto'

export interface Judged {
  readonly names: readonly string[]
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
export function judgeCertificate(chain: string, { names, key, now }: Judged): Verdict {
  let leaf: X509Certificate
  try {
    leaf = new X509Certificate(chain)
  } catch {
    return bad('it is no certificate in PEM')
  }
  const [from, to] = [Date.parse(leaf.validFrom), Date.parse(leaf.validTo)]
  if (!leaf.checkPrivateKey(key)) return bad('it is not of the key that is held')
  const uncovered = names.filter((name) => leaf.checkHost(name) === undefined)
  if (uncovered.length > 0) return bad(`it is not for ${uncovered.join(', ')}`)
  if (now < from) return bad(`it is valid only from ${leaf.validFrom}`)
  if (now > to) return bad(`it expired on ${leaf.validTo}`)
  return { good: true, from, to }
}

/** In the last third of its life a certificate is to be renewed. */
export const isDue = ({ from, to }: Validity, now: number): boolean => now >= to - (to - from) / 3
