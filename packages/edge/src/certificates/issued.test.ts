// The edge's certificates against a control plane on a real port and a folder on disk; time is moved by hand.

import { X509Certificate } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Authority, createAuthority } from '../gateway/testing/certificates.ts'
import { eventually } from '../testing/eventually.ts'
import { type FeedServer, startFeedServer } from '../testing/feed-server.ts'
import { createKeptLog, type KeptLog } from '../testing/kept-log.ts'
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts'
import type { Certificates, TlsEndpoint } from './certificates.ts'
import { createIssuedCertificates, mostFailures, obtainMs, renewalLookMs } from './issued.ts'

const token = 'edge-token-that-must-not-be-logged'
const day = 24 * 3_600_000
const names: Record<string, readonly string[]> = { a: ['a.test.internal'], b: ['b.test.internal'] }
const endpoint = (id: string, over: Partial<TlsEndpoint> = {}): TlsEndpoint => ({
  id,
  tls: true,
  names: names[id] ?? [],
  byAddress: false,
  advertised: {},
  ...over,
})
/** As clients of a standard listener, or of an endpoint in address form, dial it. */
const at = (host: string): TlsEndpoint =>
  endpoint('a', { byAddress: true, advertised: { m0: { host, port: 1024 }, m1: { host, port: 1025 } } })

let authority: Authority
let server: FeedServer
let directory: string
let clock: ManualClock
let kept: KeptLog
let open: Certificates[]

beforeAll(async () => {
  authority = await createAuthority()
})
beforeEach(async () => {
  server = await startFeedServer({ token, edge: 'edge-a' })
  directory = join(await mkdtemp(join(tmpdir(), 'postern-issued-')), 'certificates')
  clock = createManualClock()
  kept = createKeptLog()
  open = []
  issue()
})
afterEach(async () => {
  for (const certificates of open) await certificates.close()
  await server.stop()
  await rm(join(directory, '..'), { recursive: true })
})

/** From now on the control plane gives certificates of ninety days. */
const issue = (of: (id: string) => readonly string[] = (id) => names[id] ?? []): void =>
  server.issueWith((id, csr) => authority.sign(csr, of(id), { from: clock.now() - day, to: clock.now() + 89 * day }))

function start(): Certificates {
  const made = createIssuedCertificates({
    baseUrl: server.url(),
    edge: 'edge-a',
    token,
    fetch,
    clock,
    directory,
    log: kept.log,
  })
  open.push(made)
  return made
}

async function served(certificates: Certificates, endpoints: readonly TlsEndpoint[]) {
  await certificates.want(endpoints)
  return certificates.obtain()
}

test('without an endpoint that speaks TLS nothing is asked for and nothing written', async () => {
  const certificates = start()
  expect(await served(certificates, [endpoint('a', { tls: false })])).toEqual({ bound: [], failed: [] })
  expect(server.certificatesAsked()).toEqual([])
  expect(await readdir(join(directory, '..'))).toEqual([])
})

test('one for each endpoint with TLS, for its own names, on disk before it is bound', async () => {
  const certificates = start()
  expect(await served(certificates, [endpoint('a'), endpoint('b')])).toEqual({ bound: ['a', 'b'], failed: [] })
  expect((await readdir(directory)).toSorted()).toEqual(['a.crt', 'b.crt', 'key.pem'])
  expect(certificates.certificateFor('a.test.internal', 'a', null)).not.toBeNull()
  expect(certificates.certificateFor('c.test.internal', 'c', null)).toBeNull()
  expect(kept.text()).not.toContain('PRIVATE KEY')
})

test('asked for once: the next whole finds it', async () => {
  const certificates = start()
  await served(certificates, [endpoint('a')])
  const context = certificates.certificateFor(null, 'a', null)
  expect(await served(certificates, [endpoint('a'), endpoint('b')])).toEqual({ bound: ['a', 'b'], failed: [] })
  expect(server.certificatesAsked()).toEqual(['a', 'b'])
  expect(certificates.certificateFor(null, 'a', null)).toBe(context)
})

describe('without the control plane', () => {
  test('what is on disk is served after a restart', async () => {
    await served(start(), [endpoint('a')])
    await server.stop()
    const certificates = start()
    await certificates.want([endpoint('a')])
    expect(certificates.certificateFor('a.test.internal', 'a', null)).not.toBeNull()
    expect(await certificates.obtain()).toEqual({ bound: ['a'], failed: [] })
    await server.restart()
  })

  test('an endpoint without a certificate is failed with the reason, and bound once it is back', async () => {
    await server.stop()
    const certificates = start()
    const answer = await served(certificates, [endpoint('a'), endpoint('b')])
    expect(answer.bound).toEqual([])
    expect(answer.failed).toEqual([
      { id: 'a', reason: expect.stringMatching(/^no certificate: .*ECONNREFUSED/) },
      { id: 'b', reason: expect.stringMatching(/^no certificate: .*ECONNREFUSED/) },
    ])
    await server.restart()
    expect(await served(certificates, [endpoint('a'), endpoint('b')])).toEqual({ bound: ['a', 'b'], failed: [] })
  })

  test('of very many without one, some are named: a report stays small', async () => {
    await server.stop()
    const many = Array.from({ length: mostFailures + 20 }, (_, index) => endpoint(`e${index}`))
    const answer = await served(start(), many)
    expect([answer.bound.length, answer.failed.length]).toEqual([0, mostFailures])
    await server.restart()
  })

  test('one that does not answer is waited for a moment only', async () => {
    let answer: (chain: string) => void = () => undefined
    server.issueWith(
      () =>
        new Promise((resolve) => {
          answer = resolve
        }),
    )
    const certificates = start()
    await certificates.want([endpoint('a')])
    const obtained = certificates.obtain()
    await eventually(() => expect(server.certificatesAsked()).toEqual(['a']))
    clock.advance(obtainMs)
    expect(await obtained).toEqual({ bound: [], failed: [{ id: 'a', reason: 'no certificate: it has not come yet' }] })
    answer('late')
  })
})

describe('what is no good is not served', () => {
  test.each([
    { says: 'one for other names', chain: (csr: string) => authority.sign(csr, ['other']), reason: 'not for a.test' },
    {
      says: 'one for another key',
      chain: async () => (await authority.issue(names.a ?? [])).cert,
      reason: 'not of the key',
    },
    { says: 'no certificate at all', chain: () => 'hello', reason: 'no certificate in PEM' },
  ])('$says', async ({ chain, reason }) => {
    server.issueWith((_, csr) => chain(csr))
    const certificates = start()
    expect((await served(certificates, [endpoint('a')])).failed).toEqual([
      { id: 'a', reason: expect.stringContaining(reason) },
    ])
    expect(certificates.certificateFor(null, 'a', null)).toBeNull()
    expect(await readdir(directory)).toEqual(['key.pem'])
  })

  test('a refusal of one keeps no other from its own', async () => {
    server.issueWith((id, csr) => (id === 'a' ? 'no' : authority.sign(csr, names[id] ?? [])))
    expect(await served(start(), [endpoint('a'), endpoint('b')])).toMatchObject({ bound: ['b'], failed: [{ id: 'a' }] })
  })

  test('a file that was damaged is fetched anew', async () => {
    await served(start(), [endpoint('a')])
    await writeFile(join(directory, 'a.crt'), 'half of somethi')
    expect(await served(start(), [endpoint('a')])).toEqual({ bound: ['a'], failed: [] })
    expect(server.certificatesAsked()).toEqual(['a', 'a'])
  })

  test('with a new key every certificate is asked for again', async () => {
    await served(start(), [endpoint('a')])
    await writeFile(join(directory, 'key.pem'), 'not a key')
    expect(await served(start(), [endpoint('a')])).toEqual({ bound: ['a'], failed: [] })
    expect(server.certificatesAsked()).toEqual(['a', 'a'])
    expect(kept.text()).toContain('holds no P-256 key')
  })
})

test('a name more: the old certificate is shown until there is one for all', async () => {
  const certificates = start()
  await served(certificates, [endpoint('a')])
  const more = endpoint('a', { names: ['a.test.internal', 'alias.test.internal'] })
  expect((await served(certificates, [more])).failed).toEqual([
    { id: 'a', reason: expect.stringContaining('not for alias.test.internal') },
  ])
  expect(certificates.certificateFor('a.test.internal', 'a', null)).not.toBeNull()
  issue(() => more.names)
  expect(await served(certificates, [more])).toEqual({ bound: ['a'], failed: [] })
})

describe('at another address than before', () => {
  const moved = async (certificates: Certificates) => {
    issue(() => ['a.test.internal', '192.0.2.2'])
    expect(await served(certificates, [at('192.0.2.2')])).toEqual({ bound: ['a'], failed: [] })
    expect(new X509Certificate(await readFile(join(directory, 'a.crt'), 'utf8')).checkIP('192.0.2.2')).toBeDefined()
    expect(server.certificatesAsked()).toEqual(['a', 'a'])
  }
  const first = async (): Promise<Certificates> => {
    issue(() => ['a.test.internal', '192.0.2.1'])
    const certificates = start()
    expect(await served(certificates, [at('192.0.2.1')])).toEqual({ bound: ['a'], failed: [] })
    return certificates
  }

  test('it has a certificate for that before it is bound', async () => {
    await moved(await first())
  })

  test('also where it moved while the edge was off', async () => {
    await first()
    await moved(start())
  })

  test('until there is one it is failed, and says for which address', async () => {
    const certificates = await first()
    expect((await served(certificates, [at('192.0.2.2')])).failed).toEqual([
      { id: 'a', reason: expect.stringContaining('not for 192.0.2.2') },
    ])
  })
})

test('what cannot be removed from the disk keeps no other endpoint from being served', async () => {
  const certificates = start()
  await served(certificates, [endpoint('a'), endpoint('b')])
  await rm(join(directory, 'a.crt'))
  await mkdir(join(directory, 'a.crt', 'in-the-way'), { recursive: true })
  expect(await served(certificates, [endpoint('b')])).toEqual({ bound: ['b'], failed: [] })
  expect(certificates.certificateFor(null, 'a', null)).toBeNull()
  expect(kept.text()).toContain('could not be removed')
  await rm(join(directory, 'a.crt'), { recursive: true })
  await writeFile(join(directory, 'a.crt'), '')
  await served(certificates, [endpoint('b')])
  expect((await readdir(directory)).toSorted()).toEqual(['b.crt', 'key.pem'])
})

test('an endpoint that is gone leaves nothing behind, also when it went while the edge was off', async () => {
  const certificates = start()
  await served(certificates, [endpoint('a'), endpoint('b')])
  await served(certificates, [endpoint('b')])
  expect(certificates.certificateFor(null, 'a', null)).toBeNull()
  expect((await readdir(directory)).toSorted()).toEqual(['b.crt', 'key.pem'])
  await start().want([])
  expect(await readdir(directory)).toEqual(['key.pem'])
})

describe('renewal', () => {
  const contentOf = async (): Promise<string> => {
    return new X509Certificate(await readFile(join(directory, 'a.crt'), 'utf8')).validTo
  }

  test('in its last third it is replaced, on disk and for the next client', async () => {
    const certificates = start()
    await served(certificates, [endpoint('a')])
    const [context, validTo] = [certificates.certificateFor(null, 'a', null), await contentOf()]
    clock.advance(50 * day)
    expect(server.certificatesAsked()).toEqual(['a'])
    clock.advance(10 * day)
    await eventually(() => expect(certificates.certificateFor(null, 'a', null)).not.toBe(context))
    expect(await contentOf()).not.toBe(validTo)
  })

  test('while it cannot be, the old one is shown, it is told once, and tried again', async () => {
    const certificates = start()
    await served(certificates, [endpoint('a')])
    const context = certificates.certificateFor(null, 'a', null)
    server.refuseWith(503)
    clock.advance(60 * day)
    const told = () => kept.sentences().filter((line) => line.includes('not renewed yet'))
    await eventually(() => expect(told()).toHaveLength(1))
    expect(certificates.certificateFor(null, 'a', null)).toBe(context)
    expect(await served(certificates, [endpoint('a')])).toEqual({ bound: ['a'], failed: [] })
    server.refuseWith(null)
    clock.advance(renewalLookMs)
    await eventually(() => expect(certificates.certificateFor(null, 'a', null)).not.toBe(context))
    expect(told()).toHaveLength(1)
  })
})
