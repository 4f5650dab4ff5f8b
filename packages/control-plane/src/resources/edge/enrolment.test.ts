// An edge's identity over the real HTTP engine and store: how it is had, and what it lets in.

import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { describe, expect, test } from 'vitest'
import type { View } from '../private-endpoint/testing.ts'
import {
  askNewer,
  attached,
  edgesNow,
  enrol,
  enrolled,
  fetchGateway,
  journey,
  newCsr,
  newToken,
  open,
  own,
  revoke,
  secret,
  sha256,
} from './enrolled.testing.ts'

describe('a token', () => {
  test('is shown once: the store has its hash, and the edge is expected', async () => {
    const token = await newToken('gateway-1')
    const rows = await open.store.read.selectFrom('edge_enrolment').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(rows).toMatchObject([{ edge: 'gateway-1', token_hash: sha256(token) }])
    expect(await edgesNow()).toMatchObject([
      { edge: 'gateway-1', state: 'EXPECTED', seen: null, identity: null, enrolment: { expires: expect.any(String) } },
    ])
  })

  test.each([
    { says: 'another token', over: { token: 'pet_nonsense' } },
    { says: 'the token of another edge', edge: 'gateway-2' },
    { says: 'one that has expired', later: 61 * 60_000 },
    { says: 'one that was used, with another key', twice: true },
    { says: 'one that another one replaced', replaced: true },
    { says: 'one of an edge that was revoked before it came', revoked: true },
  ])(
    '$says lets nobody in: 403, and nobody enrols',
    async ({ over = {}, edge, later = 0, twice, replaced, revoked }) => {
      const token = await newToken('gateway-1')
      if (replaced) await newToken('gateway-1')
      if (revoked) expect((await revoke('gateway-1')).status).toBe(204)
      await journey.pass(later)
      if (twice) expect((await enrol('gateway-1', token)).status).toBe(201)
      const before = await open.store.read.selectFrom('edge_identity').selectAll().execute()
      const answer = await enrol(edge ?? 'gateway-1', token, over)
      expect([answer.status, (answer.body as View).errorCode]).toEqual([403, 'POSTERN_EDGE_TOKEN_REFUSED'])
      expect(answer.text).not.toContain(token)
      expect(await open.store.read.selectFrom('edge_identity').selectAll().execute()).toEqual(before)
    },
  )

  test('whose answer was lost is answered again to the same key', async () => {
    const [token, csr] = [await newToken('gateway-1'), await newCsr()]
    const [first, second] = [await enrol('gateway-1', token, { csr }), await enrol('gateway-1', token, { csr })]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(await edgesNow()).toHaveLength(1)
  })

  test('two that use it at once: one has it', async () => {
    const token = await newToken('gateway-1')
    const answers = await Promise.all([enrol('gateway-1', token), enrol('gateway-1', token)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 403])
  })

  test.each([
    { says: 'no request', over: { csr: 'hello' }, code: 'INVALID_ATTRIBUTE' },
    { says: 'no hash', over: { credentialHash: 'x' } },
    { says: 'a field more', over: { more: true } },
  ])('$says: 400, and the token can still be used', async ({ over, code }) => {
    const token = await newToken('gateway-1')
    const answer = await enrol('gateway-1', token, over)
    expect(answer.status).toBe(400)
    if (code !== undefined) expect((answer.body as View).errorCode).toBe(code)
    expect((await enrol('gateway-1', token)).status).toBe(201)
  })

  test('is made by who owns an organization, and by nobody else', async () => {
    const as = await journey.newCaller('API_KEY', { org: ['ORG_MEMBER'], group: ['GROUP_OWNER'] })
    const path = `${own}/edges/gateway-1/enrolment`
    expect((await journey.ask({ method: 'POST', path, body: {}, as })).status).toBe(403)
    expect((await journey.ask({ method: 'POST', path, body: {}, as: null })).status).toBe(401)
    expect(await edgesNow()).toEqual([])
  })

  test('leaves its events: made, used, and the identity revoked', async () => {
    await enrolled('gateway-1')
    await revoke('gateway-1')
    const rows = await open.store.read
      .selectFrom('event')
      .select(['type', 'actor_kind', 'target'])
      .where('type', 'like', 'EDGE_%')
      .orderBy('id')
      .execute()
    expect(rows.map(({ type, actor_kind }) => `${type} ${actor_kind}`).toSorted()).toEqual([
      'EDGE_ENROLLED SYSTEM',
      'EDGE_ENROLMENT_CREATED SERVICE_ACCOUNT',
      'EDGE_REVOKED SERVICE_ACCOUNT',
    ])
    expect(rows.map(({ target }) => target)).toEqual(Array(3).fill({ edge: 'gateway-1' }))
  })
})

describe('who has an identity', () => {
  test('proves it by its own secret, and no longer by the token that edges share', async () => {
    await enrolled('gateway-1')
    expect((await fetchGateway('gateway-1', secret)).status).toBe(200)
    expect((await fetchGateway('gateway-1', 'edge-token-of-this-test')).status).toBe(401)
    expect((await fetchGateway('gateway-2', secret)).status).toBe(401)
    expect((await fetchGateway('gateway-2', 'edge-token-of-this-test')).status).toBe(200)
  })

  test('by https gets a certificate of its own key, in its name and for clients alone, and its secret is no proof', async () => {
    const token = await newToken('gateway-1')
    const path = `${own}/edges/gateway-1/identity`
    const csr = await newCsr()
    const request = new Request(`https://localhost:8080${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, csr, credentialHash: sha256(secret) }),
    })
    const info = { remoteAddress: '127.0.0.1', rawTarget: path, scheme: 'https' } as const
    const answer = (await (await journey.http.fetch(request, info)).json()) as View
    expect(answer).toMatchObject({ edge: 'gateway-1', proof: 'CERTIFICATE' })
    const leaf = new x509.X509Certificate(answer.chain)
    expect(leaf.subject).toBe('CN=gateway-1')
    expect(leaf.getExtension(x509.ExtendedKeyUsageExtension)?.usages).toEqual([x509.ExtendedKeyUsage.clientAuth])
    const spki = Buffer.from(new x509.Pkcs10CertificateRequest(csr).publicKey.rawData)
    expect(Buffer.from(leaf.publicKey.rawData)).toEqual(spki)
    expect((await fetchGateway('gateway-1', secret)).status).toBe(401)

    const poll = `${own}/edges/gateway-1/snapshots/gateway`
    const showing = async (peerKeyHash: () => string | null): Promise<number> => {
      const asked = new Request(`https://localhost:8080${poll}`)
      return (await journey.http.fetch(asked, { ...info, rawTarget: poll, peerKeyHash })).status
    }
    expect(await showing(() => sha256(spki))).toBe(200)
    expect(await showing(() => sha256('another key'))).toBe(401)
    expect(await showing(() => null)).toBe(401)
  })

  test('another key of that name takes its place', async () => {
    await enrolled('gateway-1')
    const other = 'a-secret-of-the-machine-that-came-after-it'
    await enrol('gateway-1', await newToken('gateway-1'), { credentialHash: sha256(other) })
    expect((await fetchGateway('gateway-1', other)).status).toBe(200)
    // It would go on serving if it were taken for a stranger.
    expect(await fetchGateway('gateway-1', secret)).toMatchObject({
      status: 410,
      body: { errorCode: 'POSTERN_EDGE_REVOKED' },
    })
  })

  test('another key that takes its place ends its poll at once', async () => {
    const edge = await enrolled('gateway-1')
    const { epoch, n } = await edge.fetch('gateway')
    const waiting = askNewer('gateway', { epoch, n }, secret)
    await enrol('gateway-1', await newToken('gateway-1'), { credentialHash: sha256('of another machine') })
    expect((await waiting).status).toBe(410)
  })

  test('another key that takes its place begins with nothing: what the one before said is not said of it', async () => {
    await journey.newCluster('Cluster0', 1)
    const endpoint = await attached()
    await (await enrolled('gateway-1', { programs: ['gateway', 'dns', 'forwarder'] })).takeOver()
    const token = await newToken('gateway-1', { programs: ['gateway', 'dns', 'forwarder'] })
    const other = 'a-secret-of-the-machine-that-came-after-it'
    await enrol('gateway-1', token, { credentialHash: sha256(other) })
    await journey.ask({ method: 'DELETE', path: endpoint })
    await journey.settle()
    expect((await journey.get(endpoint)).connectionStatus).toBe('DELETING')
    await journey.edge('gateway-1', other).takeOver()
    expect((await journey.ask({ method: 'GET', path: endpoint })).status).toBe(404)
  })
})
