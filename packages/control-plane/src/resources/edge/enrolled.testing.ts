// For tests only: an edge with an identity, over the real HTTP engine and store: how it enrols, asks and is revoked.

import { createHash } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { createJourney, type Journey, type View } from '../private-endpoint/testing.ts'

export let open: TestStore
export let journey: Journey
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(async () => {
  await clearStore(open.store)
  journey = await createJourney(open.store)
})

export const own = '/api/postern/v1'
const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
export const sha256 = (of: string | Uint8Array): string => createHash('sha256').update(of).digest('hex')
export const secret = 'a-secret-that-an-edge-made-for-itself'

export const newCsr = async (): Promise<string> =>
  (
    await x509.Pkcs10CertificateRequestGenerator.create({
      name: 'CN=whoever',
      keys: await crypto.subtle.generateKey(p256, true, ['sign', 'verify']),
      signingAlgorithm: p256,
    })
  ).toString('pem')

export const newToken = async (edge: string, body: object = {}): Promise<string> => {
  const made = await journey.ask({ method: 'POST', path: `${own}/edges/${edge}/enrolment`, body })
  if (made.status !== 201) throw new Error(made.text)
  return (made.body as View).token
}

/** As the edge sends it: it has no other proof yet than the token. */
export const enrol = async (edge: string, token: string, over: object = {}) =>
  journey.ask({
    method: 'POST',
    path: `${own}/edges/${edge}/identity`,
    body: { token, csr: await newCsr(), credentialHash: sha256(secret), ...over },
    as: null,
  })

export const enrolled = async (edge: string, body: object = {}) => {
  const answer = await enrol(edge, await newToken(edge, body))
  if (answer.status !== 201) throw new Error(answer.text)
  return journey.edge(edge, secret)
}

export const revoke = (edge: string, more: object = {}) =>
  journey.ask({ method: 'DELETE', path: `${own}/edges/${edge}/identity`, ...more })

export const fetchGateway = (edge: string, authorization: string) =>
  journey.ask({
    method: 'GET',
    path: `${own}/edges/${edge}/snapshots/gateway`,
    as: null,
    headers: { authorization: `Bearer ${authorization}` },
  })

/** As gateway-1 waits for what is newer than it has. */
export const askNewer = (
  feed: string,
  { epoch, n }: { readonly epoch: string; readonly n: number },
  authorization: string,
) =>
  journey.ask({
    method: 'GET',
    path: `${own}/edges/gateway-1/snapshots/${feed}?epoch=${epoch}&after=${n}`,
    as: null,
    headers: { authorization: `Bearer ${authorization}` },
  })

export const edgesNow = async () => (await journey.get(`${own}/edges`)).results

/** An AWS endpoint in this region; its path. */
export const attached = async (region?: string): Promise<string> => (await journey.newAwsEndpoint(region)).path
