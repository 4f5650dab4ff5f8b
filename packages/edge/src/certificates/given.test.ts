import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Authority, createAuthority } from '../gateway/testing/certificates.ts'
import { eventually } from '../testing/eventually.ts'
import { createKeptLog, type KeptLog } from '../testing/kept-log.ts'
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts'
import type { Certificates } from './certificates.ts'
import { createGivenCertificates } from './given.ts'
import { fileLookMs } from './pem-pair.ts'

let authority: Authority
let directory: string
let clock: ManualClock
let kept: KeptLog
let open: Certificates[]

beforeAll(async () => {
  authority = await createAuthority()
})
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-given-'))
  clock = createManualClock()
  kept = createKeptLog()
  open = []
})
afterEach(async () => {
  for (const certificates of open) await certificates.close()
  await rm(directory, { recursive: true })
})

const [certFile, keyFile] = [() => join(directory, 'tls.crt'), () => join(directory, 'tls.key')]

async function put({ cert, key }: { readonly cert: string; readonly key: string }): Promise<void> {
  await writeFile(certFile(), cert)
  await writeFile(keyFile(), key)
}

async function start(): Promise<Certificates> {
  const made = await createGivenCertificates({ certFile: certFile(), keyFile: keyFile(), clock, log: kept.log })
  open.push(made)
  return made
}

const byName = { byAddress: false, advertised: {} } as const

test('serves every endpoint that it speaks for; the others are failed, with the file and the name', async () => {
  await put(await authority.issue(['*.a.internal']))
  const certificates = await start()
  await certificates.want([
    { id: 'one', tls: true, names: ['pl-0.a.internal'], ...byName },
    { id: 'two', tls: true, names: ['pl-0.b.internal'], ...byName },
    { id: 'plain', tls: false, names: [], ...byName },
  ])
  expect(await certificates.obtain()).toEqual({
    bound: ['one'],
    failed: [{ id: 'two', reason: `the certificate in ${certFile()} does not do: it is not for pl-0.b.internal` }],
  })
  expect(certificates.certificateFor('pl-0.a.internal', 'one', null)).not.toBeNull()
})

test('what is dialled by an address that it does not speak for is failed, though it has the name', async () => {
  await put(await authority.issue(['pl-0.a.internal', '192.0.2.1']))
  const certificates = await start()
  const at = (id: string, host: string) => ({
    ...{ id, tls: true, names: ['pl-0.a.internal'], byAddress: true },
    advertised: { m0: { host, port: 1024 } },
  })
  await certificates.want([at('one', '192.0.2.1'), at('two', '192.0.2.2')])
  const answer = await certificates.obtain()
  expect(answer).toMatchObject({ bound: ['one'], failed: [{ id: 'two' }] })
  expect(answer.failed[0]?.reason).toContain('it is not for 192.0.2.2')
})

test('files that another program renewed are read anew; half of a renewal is not', async () => {
  const first = await authority.issue(['a.internal'])
  await put(first)
  const certificates = await start()
  const before = certificates.certificateFor(null, 'one', null)
  const second = await authority.issue(['a.internal'])
  await writeFile(certFile(), second.cert)
  clock.advance(fileLookMs)
  await eventually(() => expect(kept.text()).toContain('stays as it was'))
  expect(certificates.certificateFor(null, 'one', null)).toBe(before)
  await writeFile(keyFile(), second.key)
  await eventually(() => {
    clock.advance(fileLookMs)
    expect(certificates.certificateFor(null, 'one', null)).not.toBe(before)
  })
})

const locked = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
}).privateKey

test.each([
  { says: 'no file', cert: null, key: null, words: 'POSTERN_GATEWAY_CERT cannot be read' },
  { says: 'no key', cert: 'own', key: null, words: 'POSTERN_GATEWAY_KEY cannot be read' },
  { says: 'another’s key', cert: 'own', key: 'other', words: 'are no certificate with its key' },
  { says: 'a key behind a passphrase', cert: 'own', key: locked, words: 'tls.key) is behind a passphrase' },
  { says: 'text', cert: 'hello', key: 'hello', words: 'are no certificate with its key' },
])('$says: it does not start, and says so', async ({ cert, key, words }) => {
  const [own, other] = [await authority.issue(['a']), await authority.issue(['a'])]
  if (cert !== null) await writeFile(certFile(), cert === 'own' ? own.cert : cert)
  if (key !== null) await writeFile(keyFile(), key === 'other' ? other.key : key)
  await expect(start()).rejects.toThrow(words)
})
