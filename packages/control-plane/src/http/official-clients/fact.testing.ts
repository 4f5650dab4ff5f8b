// A fact of an official client: what it sends, as it sends it, and what it relies on in the answer. Names in braces are put
// in place by whoever sends it.

import { expect } from 'vitest'
import type { Sent } from '../wire-client.testing.ts'

// biome-ignore lint/suspicious/noExplicitAny: a JSON body as it came; each row says what it expects of it.
export type Body = any

export const account = { id: `mdb_sa_id_${'a'.repeat(24)}`, secret: `mdb_sa_sk_${'b'.repeat(30)}-_${'c'.repeat(8)}` }
export const v2 = '/api/atlas/v2'
export const g = `${v2}/groups/{group}`
export const vnd = (date: string) => `application/vnd.atlas.${date}+json`
export const form = { 'content-type': 'application/x-www-form-urlencoded' }
export const tokenRequest: Sent = {
  method: 'POST',
  path: '/api/oauth/token',
  headers: { ...form, authorization: 'Basic {basic}' },
  body: 'grant_type=client_credentials',
}
const bearer = { authorization: 'Bearer {token}' }

/** As the Atlas CLI, the Terraform provider and the operator send: the Go SDK's headers. */
export const go = (method: string, path: string, version = '2023-01-01', body?: object): Sent => ({
  method,
  path,
  headers: {
    'user-agent': 'atlascli/1.50.0 (linux;amd64;native)',
    accept: vnd(version),
    'accept-encoding': 'gzip',
    ...(body !== undefined && { 'content-type': vnd(version) }),
  },
  ...(body !== undefined && { body: JSON.stringify(body) }),
})
/** As the MCP server sends: one date for everything, plain JSON, a bearer token. */
export const mcp = (method: string, path: string, body?: object): Sent => ({
  method,
  path,
  headers: { ...bearer, accept: vnd('2025-03-12'), ...(body !== undefined && { 'content-type': 'application/json' }) },
  ...(body !== undefined && { body: JSON.stringify(body) }),
})

export interface Fact {
  readonly says: string
  readonly sent: Sent
  /** Without a bearer token in its headers it goes by digest, unless nobody sends it. */
  readonly by?: 'nobody'
  readonly status: number
  readonly type?: string
  readonly headers?: object
  /** Must match the body as JSON. */
  readonly body?: Body
  readonly text?: string | RegExp
}

export const of20230101 = `${vnd('2023-01-01')};charset=utf-8`
export const aText = expect.any(String)
export const page = (results: Body, totalCount: Body = expect.any(Number)) => ({
  links: expect.any(Array),
  results,
  totalCount,
})
