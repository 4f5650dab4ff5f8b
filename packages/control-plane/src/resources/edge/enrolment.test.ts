// An edge's identity over the real HTTP engine and store: how it is had, what it lets in, what it is sent, how it ends.

import 'reflect-metadata'
import { createHash } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Caller, testHttpParts } from '../../http/testing.ts'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { createGroup } from '../group/create.ts'
import { createJourney, type Journey, type View } from '../private-endpoint/testing.ts'
import { knownGateways } from './ask.ts'

let open: TestStore
let journey: Journey
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(async () => {
  await clearStore(open.store)
  journey = await createJourney(open.store)
})

const own = '/api/postern/v1'
const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const sha256 = (of: string | Uint8Array): string => createHash('sha256').update(of).digest('hex')
const secret = 'a-secret-that-an-edge-made-for-itself'

const newCsr = async (): Promise<string> =>
  (
    await x509.Pkcs10CertificateRequestGenerator.create({
      name: 'CN=whoever',
      keys: await crypto.subtle.generateKey(p256, true, ['sign', 'verify']),
      signingAlgorithm: p256,
    })
  ).toString('pem')

const newToken = async (edge: string, body: object = {}): Promise<string> => {
  const made = await journey.ask({ method: 'POST', path: `${own}/edges/${edge}/enrolment`, body })
  if (made.status !== 201) throw new Error(made.text)
  return (made.body as View).token
}

/** As the edge sends it: it has no other proof yet than the token. */
const enrol = async (edge: string, token: string, over: object = {}) =>
  journey.ask({
    method: 'POST',
    path: `${own}/edges/${edge}/identity`,
    body: { token, csr: await newCsr(), credentialHash: sha256(secret), ...over },
    as: null,
  })

const enrolled = async (edge: string, body: object = {}) => {
  const answer = await enrol(edge, await newToken(edge, body))
  if (answer.status !== 201) throw new Error(answer.text)
  return journey.edge(edge, secret)
}

const revoke = (edge: string, more: object = {}) =>
  journey.ask({ method: 'DELETE', path: `${own}/edges/${edge}/identity`, ...more })

const fetchGateway = (edge: string, authorization: string) =>
  journey.ask({
    method: 'GET',
    path: `${own}/edges/${edge}/snapshots/gateway`,
    as: null,
    headers: { authorization: `Bearer ${authorization}` },
  })

/** As gateway-1 waits for what is newer than it has. */
const askNewer = (feed: string, { epoch, n }: { readonly epoch: string; readonly n: number }, authorization: string) =>
  journey.ask({
    method: 'GET',
    path: `${own}/edges/gateway-1/snapshots/${feed}?epoch=${epoch}&after=${n}`,
    as: null,
    headers: { authorization: `Bearer ${authorization}` },
  })

const edgesNow = async () => (await journey.get(`${own}/edges`)).results

/** An AWS endpoint in this region; its path. */
const attached = async (region?: string): Promise<string> => (await journey.newAwsEndpoint(region)).path

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

describe('an edge that was revoked', () => {
  test('is told so and sent nothing; who is not it learns nothing', async () => {
    await enrolled('gateway-1')
    expect((await revoke('gateway-1')).status).toBe(204)
    expect(await fetchGateway('gateway-1', secret)).toMatchObject({
      status: 410,
      body: { errorCode: 'POSTERN_EDGE_REVOKED' },
    })
    expect((await fetchGateway('gateway-1', 'nonsense')).status).toBe(401)
    expect(await edgesNow()).toMatchObject([{ edge: 'gateway-1', state: 'REVOKED' }])
  })

  test('while it waits in a poll is answered at once, and with nothing of what is published then', async () => {
    const edge = await enrolled('gateway-1')
    const { epoch, n } = await edge.fetch('gateway')
    const waiting = askNewer('gateway', { epoch, n }, secret)
    await revoke('gateway-1')
    expect((await waiting).status).toBe(410)
  })

  test('leaves its endpoints unserved, which they say, until another gateway serves them', async () => {
    await journey.newCluster('Cluster0', 1)
    const endpoint = await attached()
    const edge = await enrolled('gateway-1', { programs: ['gateway', 'dns', 'forwarder'] })
    await edge.takeOver()
    expect(await journey.get(endpoint)).toMatchObject({ connectionStatus: 'AVAILABLE', errorMessage: null })
    await revoke('gateway-1')
    await journey.settle()
    expect(await journey.get(endpoint)).toMatchObject({
      connectionStatus: 'AVAILABLE',
      errorMessage: expect.stringContaining('edge gateway-1 was revoked'),
    })
    await journey.edge('gateway-2').takeOver()
    expect(await journey.get(endpoint)).toMatchObject({ connectionStatus: 'AVAILABLE', errorMessage: null })
  })

  test('was seen to leave them unserved before, and to leave none where another gateway serves them', async () => {
    await journey.newCluster('Cluster0', 1)
    const endpoint = await attached()
    const removal = async (edge: string) => journey.get(`${own}/edges/${edge}/removal`)
    await newToken('gateway-1')
    expect(await removal('gateway-1')).toMatchObject({ unserved: [], totalCount: 0 })
    const edge = await enrolled('gateway-1', { programs: ['gateway', 'dns', 'forwarder'] })
    expect(await removal('gateway-1')).toMatchObject({ unserved: [], totalCount: 0 })
    await edge.takeOver()
    const { interfaceEndpointId } = await journey.get(endpoint)
    const all = { unserved: [{ groupId: journey.groupId, endpointId: interfaceEndpointId }], totalCount: 1 }
    expect(await removal('gateway-1')).toMatchObject(all)
    // A gateway beside it is not enough, where it runs the forwarder too; another of both is, for as long as it is heard.
    const gateway = await enrolled('gateway-2')
    await gateway.fetch('gateway')
    expect(await removal('gateway-1')).toMatchObject(all)
    expect(await removal('gateway-2')).toMatchObject({ unserved: [], totalCount: 0 })
    await journey.edge('gateway-3').takeOver()
    expect(await removal('gateway-1')).toMatchObject({ unserved: [] })
    await journey.pass(61_000)
    await edge.takeOver()
    expect(await removal('gateway-1')).toMatchObject(all)
    await revoke('gateway-1')
    expect(await removal('gateway-1')).toMatchObject({ unserved: [] })
    expect(await journey.ask({ method: 'GET', path: `${own}/edges/gateway-9/removal` })).toMatchObject({
      status: 404,
      body: { errorCode: 'POSTERN_EDGE_NOT_FOUND' },
    })
  })

  test('whose removal is looked at by an owner: what is unserved is told of projects that they see, and of no others', async () => {
    await journey.newCluster('Cluster0', 1)
    await attached()
    await (await enrolled('gateway-1', { programs: ['gateway', 'dns', 'forwarder'] })).takeOver()
    const seen = async (as?: Caller) =>
      (await journey.ask({ method: 'GET', path: `${own}/edges/gateway-1/removal`, ...(as && { as }) })).body
    expect(await seen()).toMatchObject({ unserved: [{ groupId: journey.groupId }], totalCount: 1 })
    const id = 'f'.repeat(24)
    await open.store.transact(async (tx) => {
      await tx.insertInto('organization').values({ id, name: 'Others', created: new Date() }).execute()
      await tx.updateTable('group').set({ org_id: id }).execute()
    })
    expect(await seen()).toMatchObject({ unserved: [], totalCount: 0 })
    const guest = await journey.newCaller('API_KEY', { org: ['ORG_OWNER'], group: ['GROUP_READ_ONLY'] })
    expect(await seen(guest)).toMatchObject({ unserved: [{ groupId: journey.groupId }], totalCount: 1 })
  })

  test('is not waited for by an endpoint that goes', async () => {
    const endpoint = await attached()
    const edge = await enrolled('gateway-1', { programs: ['gateway', 'dns', 'forwarder'] })
    await edge.takeOver()
    await journey.ask({ method: 'DELETE', path: endpoint })
    await journey.settle()
    expect((await journey.get(endpoint)).connectionStatus).toBe('DELETING')
    await revoke('gateway-1')
    await journey.settle()
    expect((await journey.ask({ method: 'GET', path: endpoint })).status).toBe(404)
  })

  test('may enrol again', async () => {
    await enrolled('gateway-1')
    await revoke('gateway-1')
    await enrolled('gateway-1')
    expect((await fetchGateway('gateway-1', secret)).status).toBe(200)
  })

  test('is forgotten on demand; one that stands is not', async () => {
    await enrolled('gateway-1')
    const forget = () => journey.ask({ method: 'DELETE', path: `${own}/edges/gateway-1` })
    expect((await forget()).status).toBe(404)
    await revoke('gateway-1')
    expect((await forget()).status).toBe(204)
    expect(await edgesNow()).toEqual([])
    // It may have been away meanwhile, and serves until it is told.
    expect((await fetchGateway('gateway-1', secret)).status).toBe(410)
    await enrolled('gateway-1')
    expect((await fetchGateway('gateway-1', secret)).status).toBe(200)
  })

  test('and forgotten leaves its event with whoever owned it', async () => {
    await enrolled('gateway-1')
    await revoke('gateway-1')
    await journey.ask({ method: 'DELETE', path: `${own}/edges/gateway-1` })
    const told = await open.store.read
      .selectFrom('event')
      .select('org_id')
      .where('type', '=', 'EDGE_FORGOTTEN')
      .execute()
    expect(told).toEqual([{ org_id: journey.orgId }])
  })

  test('must have enrolled: the token that edges share belongs to nobody', async () => {
    await journey.edge('gateway-1').fetch('gateway')
    expect(await revoke('gateway-1')).toMatchObject({
      status: 409,
      body: { errorCode: 'POSTERN_EDGE_NOT_ENROLLED' },
    })
    expect(await revoke('nobody')).toMatchObject({ status: 404, body: { errorCode: 'POSTERN_EDGE_NOT_FOUND' } })
  })
})

describe('what an edge is sent', () => {
  test('only the feeds that it was enrolled for', async () => {
    await enrolled('gateway-1')
    const dns = { method: 'GET', path: `${own}/edges/gateway-1/snapshots/dns`, as: null }
    expect(await journey.ask({ ...dns, headers: { authorization: `Bearer ${secret}` } })).toMatchObject({
      status: 403,
      body: { errorCode: 'POSTERN_EDGE_NOT_FOR_THAT' },
    })
  })

  test('never a credential of a deployment or a password of a database user, in whichever feed', async () => {
    const access = { user: 'dba-of-theirs', password: 'password-of-their-dba' }
    const { seal, ids } = journey.parts
    const id = ids.objectId()
    await journey.newCluster('Cluster0', 3, {
      access: JSON.stringify({ sealed: seal.close(id, JSON.stringify(access)), user: access.user }),
    })
    await attached()
    const edge = await enrolled('gateway-1', { programs: ['gateway', 'dns', 'forwarder'] })
    for (const feed of ['gateway', 'dns', 'forwarder'] as const) {
      const text = JSON.stringify(await edge.fetch(feed))
      expect(text).not.toMatch(/password|dba-of-theirs|sealed|private/i)
    }
    expect((await edge.fetch('gateway')).body.clusters).toHaveLength(1)
  })

  test('only what belongs to its projects; and only what they serve waits for it', async () => {
    const { parts, orgId, groupId } = journey
    const other = await open.store.transact((tx) =>
      createGroup(tx, parts, {
        orgId,
        name: 'Other',
        tags: [],
        withDefaultAlertsSettings: true,
        owners: [],
        actor: null,
        sourceAddress: null,
      }),
    )
    await journey.newCluster('Cluster0', 1)
    const endpoint = await attached()
    await journey.edge('edge-1').takeOver()
    const foreign = await enrolled('gateway-1', { groupIds: [other] })
    const { epoch, n, body } = await foreign.fetch('gateway')
    expect(body).toEqual({ listeners: [], endpoints: [], clusters: [] })
    await foreign.report('gateway', { epoch, n: 0, bound: [], failed: [] })
    const second = await attached('EU_WEST_1')
    await journey.edge('edge-1').takeOver()
    expect(await journey.get(second)).toMatchObject({ connectionStatus: 'AVAILABLE', errorMessage: null })
    expect((await journey.get(endpoint)).connectionStatus).toBe('AVAILABLE')
    expect(n).toBeGreaterThan(0)

    await enrol('gateway-1', await newToken('gateway-1', { groupIds: [groupId] }))
    const now = (await journey.edge('gateway-1', secret).fetch('gateway')).body
    expect([now.endpoints.length, now.listeners.length, now.clusters.length]).toEqual([2, 2, 1])
  })

  test('of projects that the owner of the token does not own: 404; and with more than a gateway: 400', async () => {
    const path = `${own}/edges/gateway-1/enrolment`
    const ask = (body: object) => journey.ask({ method: 'POST', path, body })
    expect((await ask({ groupIds: ['0'.repeat(24)] })).status).toBe(404)
    const wide = await ask({ groupIds: [journey.groupId], programs: ['gateway', 'dns'] })
    expect([wide.status, (wide.body as View).errorCode]).toEqual([400, 'INVALID_ATTRIBUTE'])
    expect(await edgesNow()).toEqual([])
  })

  test('beside the organization of others, a gateway serves its owner’s alone, and DNS is for who owns them all', async () => {
    await open.store.transact((tx) =>
      tx
        .insertInto('organization')
        .values({ id: 'f'.repeat(24), name: 'Others', created: new Date() })
        .execute(),
    )
    await enrolled('gateway-1')
    expect((await edgesNow())[0].identity.serves).toEqual({
      programs: ['gateway'],
      orgIds: [journey.orgId],
      groupIds: null,
    })
    const path = `${own}/edges/dns-1/enrolment`
    expect(await journey.ask({ method: 'POST', path, body: { programs: ['dns'] } })).toMatchObject({
      status: 403,
      body: { errorCode: 'POSTERN_EDGE_NEEDS_EVERY_ORG' },
    })
  })

  test.each(['edge_identity', 'edge_enrolment'] as const)(
    'an edge of others (%s) is neither revoked nor replaced nor forgotten',
    async (table) => {
      if (table === 'edge_identity') await enrolled('gateway-1')
      else await newToken('gateway-1')
      await open.store.transact(async (tx) => {
        const id = 'f'.repeat(24)
        await tx.insertInto('organization').values({ id, name: 'Others', created: new Date() }).execute()
        await tx
          .updateTable(table)
          .set({ owner_org_ids: JSON.stringify([id]) })
          .execute()
      })
      const refused = { status: 403, body: { errorCode: 'POSTERN_EDGE_OF_OTHERS' } }
      expect(await revoke('gateway-1')).toMatchObject(refused)
      const path = `${own}/edges/gateway-1/enrolment`
      expect(await journey.ask({ method: 'POST', path, body: {} })).toMatchObject(refused)
      expect(await journey.ask({ method: 'DELETE', path: `${own}/edges/gateway-1` })).toMatchObject(refused)
      expect(await open.store.read.selectFrom(table).select('edge').execute()).toEqual([{ edge: 'gateway-1' }])
    },
  )

  test('the name of an edge that serves everybody by the shared token is taken by nobody who owns a part', async () => {
    await journey.edge('gateway-1').report('gateway', { epoch: 'E', n: 1, bound: [], failed: [] })
    const path = `${own}/edges/gateway-1/enrolment`
    await newToken('gateway-1')
    await revoke('gateway-1')
    await open.store.transact((tx) =>
      tx
        .insertInto('organization')
        .values({ id: 'f'.repeat(24), name: 'Others', created: new Date() })
        .execute(),
    )
    expect(await journey.ask({ method: 'POST', path, body: {} })).toMatchObject({
      status: 403,
      body: { errorCode: 'POSTERN_EDGE_OF_OTHERS' },
    })
    await newToken('gateway-2')
    const forget = () => journey.ask({ method: 'DELETE', path: `${own}/edges/gateway-1` })
    expect(await forget()).toMatchObject({ status: 403, body: { errorCode: 'POSTERN_EDGE_OF_OTHERS' } })
    // Once nothing is heard of it, what waits for it is everybody's.
    await journey.pass(61_000)
    expect((await forget()).status).toBe(204)
  })

  test('the name of an edge whose organizations are all gone is nobody’s', async () => {
    await enrolled('gateway-1')
    await open.store.transact((tx) =>
      tx
        .updateTable('edge_identity')
        .set({ owner_org_ids: JSON.stringify(['e'.repeat(24)]) })
        .execute(),
    )
    expect((await revoke('gateway-1')).status).toBe(204)
    expect((await journey.ask({ method: 'DELETE', path: `${own}/edges/gateway-1` })).status).toBe(204)
  })

  test('a program that shares the name and came by the shared token asks again when another enrols, and is not revoked', async () => {
    const { epoch, n } = await journey.edge('gateway-1').fetch('dns')
    await journey.edge('gateway-1').report('gateway', { epoch, n, bound: ['15000'], failed: [] })
    const waiting = askNewer('dns', { epoch, n }, testHttpParts.edgeToken)
    await enrolled('gateway-1')
    expect((await waiting).status).toBe(401)
    const rows = await open.store.read.selectFrom('edge_report').select(['n', 'bound']).execute()
    expect(rows.every((row) => row.n === 0 && JSON.stringify(row.bound) === '[]')).toBe(true)
  })

  test('of a project that it does not serve it is asked nothing, and what it counted there counts for nothing', async () => {
    const { parts, orgId, groupId } = journey
    const [endpoint, other] = [
      await attached(),
      await open.store.transact((tx) =>
        createGroup(tx, parts, {
          orgId,
          name: 'Other',
          tags: [],
          withDefaultAlertsSettings: true,
          owners: [],
          actor: null,
          sourceAddress: null,
        }),
      ),
    ]
    const foreign = await enrolled('gateway-1', { groupIds: [other] })
    await foreign.fetch('gateway')
    expect(await knownGateways(parts, groupId)).toEqual({ live: [], silent: [] })
    expect(await knownGateways(parts, other)).toEqual({ live: ['gateway-1'], silent: [] })
    const { id: endpointId } = await open.store.read
      .selectFrom('private_endpoint')
      .select('id')
      .executeTakeFirstOrThrow()
    const counts = { bytesFromClient: 1, bytesFromMember: 1, connections: 4711, newConnections: 4711, refused: 0 }
    const traffic = { run: 'a'.repeat(16), n: 1, endpoints: [{ endpointId, ...counts }] }
    const report = { epoch: 'E', n: 0, bound: [], failed: [], traffic }
    await foreign.report('gateway', report)
    expect(await open.store.read.selectFrom('edge_traffic').selectAll().execute()).toEqual([])
    await journey.edge('edge-1').report('gateway', { ...report, traffic: { ...traffic, run: 'b'.repeat(16) } })
    expect(await open.store.read.selectFrom('edge_traffic').select('connections').execute()).toHaveLength(1)
    // What it had while it served the project is over when it is not heard of there any more.
    const scope = JSON.stringify([groupId])
    await open.store.transact((tx) => tx.updateTable('edge_identity').set({ group_ids: scope }).execute())
    await foreign.report('gateway', { ...report, traffic: { ...traffic, n: 2 } })
    await open.store.transact((tx) =>
      tx
        .updateTable('edge_identity')
        .set({ group_ids: JSON.stringify([other]) })
        .execute(),
    )
    await foreign.report('gateway', { ...report, traffic: { run: 'c'.repeat(16), n: 1, endpoints: [] } })
    const points = open.store.read.selectFrom('traffic_point').select('connections').where('edge', '=', 'gateway-1')
    expect((await points.execute()).map(({ connections }) => Number(connections))).toEqual([0])
    expect(endpoint).toContain(groupId)
  })
})
