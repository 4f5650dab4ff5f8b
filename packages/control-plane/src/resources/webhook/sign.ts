// Signatures by the Standard Webhooks specification: HMAC-SHA256 over id, time and body, under a secret that is written
// `whsec_` and base64. What a receiver checks: that it was us, that nothing was changed, and that it is not an old copy.

import { createHmac } from 'node:crypto'
import type { Ids } from '../../parts.ts'

const prefix = 'whsec_'
const secretBytes = 32

export const newSecret = (ids: Pick<Ids, 'hex'>): string =>
  prefix + Buffer.from(ids.hex(secretBytes), 'hex').toString('base64')

/** `timestamp` in milliseconds since 1970. */
export const signedHeaders = (
  secret: string,
  { id, timestamp, body }: { readonly id: string; readonly timestamp: number; readonly body: string },
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> => {
  const seconds = String(Math.floor(timestamp / 1000))
  const key = Buffer.from(secret.slice(prefix.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${signature}` }
}
