// Members with TLS: the official driver verifies them; plain clients and other authorities get nowhere.
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClusterReport } from './cluster.ts'
import { clientOf, type SandboxUnderTest, startSandbox } from './testing/sandbox-under-test.ts'

let under: SandboxUnderTest
let cluster: ClusterReport
let dir: string
let ca: string

beforeAll(async () => {
  const material = await selfSigned()
  dir = await mkdtemp(join(tmpdir(), 'postern-ca-'))
  ca = join(dir, 'ca.pem')
  await writeFile(ca, material.cert)
  under = await startSandbox()
  cluster = await under.door.put('secure', { tls: material })
})
afterAll(async () => {
  await under?.end()
  await rm(dir, { recursive: true, force: true })
})

async function selfSigned(): Promise<{ key: string; cert: string }> {
  x509.cryptoProvider.set(webcrypto as never)
  const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=sandbox',
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    keys: keys as never,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }]),
    ],
  })
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  return { key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`, cert: cert.toString('pem') }
}

test('the driver connects to the whole set with the authority, reads and writes', async () => {
  expect(cluster.tls).toBe(true)
  const client = clientOf(cluster, { tls: true, tlsCAFile: ca })
  const things = client.db('app').collection('things')
  await things.insertOne({ a: 1 })
  expect(await things.countDocuments({}, { readPreference: 'secondary' })).toBe(1)
  await client.close()
})

test.each([
  ['without the authority', { tls: true }],
  ['without TLS', {}],
])('%s there is no connection', async (_, options) => {
  const client = clientOf(cluster, { ...options, serverSelectionTimeoutMS: 400 })
  await expect(client.connect()).rejects.toThrow()
  await client.close()
})
