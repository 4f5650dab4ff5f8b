// Certificates over the real HTTP engine and store: whom they name, who may have one, and that a store has one authority.

import 'reflect-metadata'
import { randomBytes, X509Certificate } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createSeal } from '../../seal.ts'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { createJourney, type Journey, type View } from '../private-endpoint/testing.ts'
import { loadAuthority, signingKey } from './authority.ts'

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

const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const headers = { authorization: 'Bearer edge-token-of-this-test' }
const own = '/api/postern/v1'

const csrOf = async (names: readonly string[] = [], algorithm: typeof p256 = p256): Promise<string> =>
  (
    await x509.Pkcs10CertificateRequestGenerator.create({
      name: 'CN=whoever',
      keys: await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']),
      signingAlgorithm: p256,
      extensions: [new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value })))],
    })
  ).toString('pem')

const ca = async (): Promise<X509Certificate> =>
  new X509Certificate(((await journey.ask({ method: 'GET', path: `${own}/ca`, as: null })).body as View).certificate)

const certify = (endpointId: string, csr: string, as: object = headers) =>
  journey.ask({
    method: 'POST',
    path: `${own}/edges/edge-1/certificates`,
    body: { endpointId, csr },
    as: null,
    headers: as as Record<string, string>,
  })

/** An AWS endpoint in this form, accepted; our own id of it. */
const attached = async (form: 'address' | 'name'): Promise<View> => {
  const service = await journey.newService({ providerName: 'AWS' })
  const local = await journey.ask({
    method: 'POST',
    path: `${own}/local/aws/vpcEndpoints`,
    body: { serviceName: service.endpointServiceName, form },
  })
  const cloudId = (local.body as View).vpcEndpointId
  const path = `${journey.servicePath('AWS', service.id)}/endpoint`
  await journey.ask({ method: 'POST', path, body: { id: cloudId } })
  await journey.settle()
  const row = await open.store.read.selectFrom('private_endpoint').selectAll().executeTakeFirstOrThrow()
  return {
    id: row.id,
    path: `${path}/${cloudId}`,
    host: (local.body as View).listen.hosts[0],
    advertised: row.advertised,
  }
}

/** The certificates of a PEM chain. */
const chainOf = (pem: string): readonly X509Certificate[] =>
  (pem.match(/-----BEGIN[\s\S]*?-----END CERTIFICATE-----/g) ?? []).map((one) => new X509Certificate(one))

describe('the authority', () => {
  test('anybody may have its certificate: an authority’s, for ten years, already begun', async () => {
    const certificate = await ca()
    expect(certificate.ca).toBe(true)
    const years = (Date.parse(certificate.validTo) - journey.parts.clock.now()) / (365 * 24 * 3_600_000)
    expect(years).toBeCloseTo(10, 1)
    expect(Date.parse(certificate.validFrom)).toBeLessThan(journey.parts.clock.now())
    expect(certificate.verify(certificate.publicKey)).toBe(true)
  })

  test('ten askers at once are told of one', async () => {
    const told = await Promise.all(Array.from({ length: 10 }, ca))
    expect(new Set(told.map(({ fingerprint256 }) => fingerprint256)).size).toBe(1)
  })

  test('its key is stored sealed, and opens under no other key', async () => {
    const authority = await loadAuthority(journey.parts, 'endpoints')
    const row = await open.store.read.selectFrom('certificate_authority').selectAll().executeTakeFirstOrThrow()
    expect(row.private_key).not.toContain('PRIVATE KEY')
    expect(() => signingKey(createSeal(randomBytes(32)), authority)).toThrow('key')
  })
})

describe('an edge’s certificate for an endpoint in name form', () => {
  test('speaks for its names and addresses, not for what the request asks', async () => {
    const endpoint = await attached('name')
    const answer = await certify(endpoint.id, await csrOf(['mongodb.example', 'localhost']))
    expect(answer.status).toBe(201)
    const [leaf, issuer, ...rest] = chainOf((answer.body as View).chain)
    const name = endpoint.advertised.doors[0].name
    expect(rest).toEqual([])
    expect(leaf?.subjectAltName).toBe(`DNS:${name}, IP Address:${endpoint.host}`)
    expect(leaf?.checkHost(name)).toBe(name)
    expect(leaf?.checkIP(endpoint.host)).toBe(endpoint.host)
    expect(leaf?.ca).toBe(false)
    expect(issuer?.fingerprint256).toBe((await ca()).fingerprint256)
  })

  test('is of the edge’s own key, signed by the authority, for ninety days, already begun', async () => {
    const endpoint = await attached('name')
    const csr = await csrOf()
    const [leaf] = chainOf(((await certify(endpoint.id, csr)).body as View).chain)
    if (leaf === undefined) throw new Error('no certificate')
    expect(leaf.publicKey.export({ type: 'spki', format: 'der' })).toEqual(
      Buffer.from(new x509.Pkcs10CertificateRequest(csr).publicKey.rawData),
    )
    const authority = await ca()
    expect(leaf.checkIssued(authority)).toBe(true)
    expect(leaf.verify(authority.publicKey)).toBe(true)
    const day = 24 * 3_600_000
    expect((Date.parse(leaf.validTo) - journey.parts.clock.now()) / day).toBeCloseTo(90, 1)
    expect(Date.parse(leaf.validFrom)).toBeLessThan(journey.parts.clock.now())
  })

  test('names its issuer’s key and its own, and is for servers only', async () => {
    const endpoint = await attached('name')
    const chain = ((await certify(endpoint.id, await csrOf())).body as View).chain
    const [leaf, issuer] = chain.split(/(?<=-----END CERTIFICATE-----)/).map((pem: string) => pem.trim())
    const parsed = new x509.X509Certificate(leaf)
    const authority = new x509.X509Certificate(issuer)
    expect(parsed.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId).toBe(
      authority.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId,
    )
    expect(parsed.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId).toHaveLength(40)
    expect(parsed.getExtension(x509.ExtendedKeyUsageExtension)?.usages).toEqual([x509.ExtendedKeyUsage.serverAuth])
  })

  test('has a serial number of its own each time', async () => {
    const endpoint = await attached('name')
    const csr = await csrOf()
    const serials = new Set<string | undefined>()
    for (let time = 0; time < 3; time++)
      serials.add(chainOf(((await certify(endpoint.id, csr)).body as View).chain)[0]?.serialNumber)
    expect(serials.size).toBe(3)
  })
})

describe('what gets no certificate', () => {
  test.each([
    { says: 'text that is no request', csr: async () => 'hello' },
    {
      says: 'a PEM without a request in it',
      csr: async () => '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----',
    },
    { says: 'a key of another curve', csr: () => csrOf([], { ...p256, namedCurve: 'P-384' }) },
    {
      says: 'a request whose signature is not its key’s',
      csr: async () => {
        const der = Buffer.from(new x509.Pkcs10CertificateRequest(await csrOf()).rawData)
        der[der.length - 1] = (der.at(-1) ?? 0) ^ 1
        return `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----`
      },
    },
  ])('$says: 400 that names the field', async ({ csr }) => {
    const endpoint = await attached('name')
    const answer = await certify(endpoint.id, await csr())
    expect([answer.status, (answer.body as View).errorCode]).toEqual([400, 'INVALID_ATTRIBUTE'])
    expect(answer.text).toContain('csr')
  })

  test('an endpoint in address form, which speaks no TLS', async () => {
    const endpoint = await attached('address')
    const answer = await certify(endpoint.id, await csrOf())
    expect([answer.status, (answer.body as View).errorCode]).toEqual([404, 'POSTERN_NO_SUCH_TLS_ENDPOINT'])
  })

  test('an endpoint that nobody knows', async () => {
    expect((await certify('0'.repeat(24), await csrOf())).status).toBe(404)
  })

  test('an endpoint that is being terminated', async () => {
    const endpoint = await attached('name')
    await journey.ask({ method: 'DELETE', path: endpoint.path })
    expect((await certify(endpoint.id, await csrOf())).status).toBe(404)
  })

  test('whoever is no edge', async () => {
    const endpoint = await attached('name')
    const csr = await csrOf()
    expect((await certify(endpoint.id, csr, {})).status).toBe(401)
    expect((await certify(endpoint.id, csr, { authorization: 'Bearer not-the-token-of-an-edge' })).status).toBe(401)
  })
})

describe('AVAILABLE means that TLS works', () => {
  const status = async (path: string): Promise<View> => journey.get(path)

  test('an edge without its certificate is waited for, and its reason told', async () => {
    await journey.newCluster('Cluster0', 1)
    const endpoint = await attached('name')
    const edge = journey.edge('edge-1')
    await edge.takeOver({ [endpoint.id]: 'no certificate for it: the control plane answered 500' })
    expect(await status(endpoint.path)).toMatchObject({
      connectionStatus: 'PENDING',
      errorMessage: expect.stringContaining('no certificate for it: the control plane answered 500'),
    })
    await edge.takeOver()
    expect(await status(endpoint.path)).toMatchObject({ connectionStatus: 'AVAILABLE', errorMessage: null })
  })
})
