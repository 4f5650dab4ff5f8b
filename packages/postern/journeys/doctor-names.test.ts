// The doctor at names: an endpoint that is told by host names, its SRV records, its certificates, and the resolvers
// between. Which DNS server this process asks is its own to say, so that nothing here needs root.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { attachAvailable } from './attached.ts'
import { makeCertificates } from './certificates.ts'
import { provesItsChecks } from './doctor-proof.ts'
import { application, doctorAt, findingOf, isWell, names, namesFirst, statusOf } from './examined.ts'
import { askFrom, keptBack, publicAddress, twistedDns } from './resolver.ts'
import { startForTest } from './running.ts'

let running: Running
let at: ReturnType<typeof doctorAt>
/** By the names that our DNS server has. */
let srv: string
let standard: string
const restore: (() => void)[] = []

beforeAll(async () => {
  running = await startForTest({ sample: true })
  at = doctorAt(running, [])
  const { client, bootstrap } = running
  const { groupId, clusterName } = bootstrap
  const attached = await attachAvailable(client, { groupId, advertised: 'name' })
  const { body } = await client.call('getGroupClusterConnectionStrings', { params: { groupId, clusterName } })
  const through = body.endpoints.find(({ endpointId }) => endpointId === attached.endpointId)
  const ca = `tlsCAFile=${encodeURIComponent(bootstrap.caFile ?? '')}`
  srv = asUser(`${through?.srv}/?${ca}`)
  standard = asUser(`${through?.standard}&${ca}`)
})
afterEach(() => {
  for (const back of restore.splice(0).toReversed()) back()
})
afterAll(() => running?.stop())

const asUser = (uri: string): string => {
  const { dbUser, dbPassword } = running.bootstrap
  return uri.replace('://', `://${dbUser}:${encodeURIComponent(dbPassword)}@`)
}

const dnsAddress = (): string => String(running.bootstrap.dnsAddress)
const asking = (address: string): void => void restore.push(askFrom(address))

async function askingTwisted(twist: Parameters<typeof twistedDns>[1]): Promise<void> {
  const server = await twistedDns(dnsAddress(), twist)
  restore.push(server.stop)
  asking(server.address)
}

test('a machine that asks our DNS server finds nothing wrong: SRV, TXT, addresses, TLS, the user', async () => {
  asking(dnsAddress())
  const examined = await at.examine(srv)
  isWell(examined)
  const made = [
    'own-answer',
    'srv-resolves',
    'host-resolves',
    'private-answer',
    'tls',
    'set-name',
    'authentication',
  ] as const
  expect(made.filter((id) => statusOf(examined, id) !== 'OK')).toEqual([])
  expect(findingOf(examined, 'srv-resolves').found).toMatch(/lists 3 hosts, TXT authSource=admin&replicaSet=/)
  expect(findingOf(examined, 'host-resolves').found).toMatch(/holds for 60 s/)
  isWell(await at.examine(standard))
  isWell(await at.examine(standard, { env: application }))
})

describe('a resolver between', () => {
  test('that was never told of the zone', async () => {
    const examined = await at.examine(srv)
    names(examined, 'own-answer')
    expect(findingOf(examined, 'own-answer').found).toMatch(
      /Postern’s DNS server answers pl-\S+.*the resolver of this machine nothing/,
    )
    names(await at.examine(standard), 'own-answer')
    names(await at.examine(standard, { env: application }), 'host-resolves')
    names(await at.examine(srv, { env: application }), 'srv-resolves')
  })

  test('that keeps private addresses back', async () => {
    await askingTwisted(keptBack)
    const examined = await at.examine(srv)
    names(examined, 'own-answer')
    expect(findingOf(examined, 'own-answer').why).toMatch(/guard against rebinding/)
    const alone = await at.examine(standard, { env: application })
    names(alone, 'host-resolves')
    expect(findingOf(alone, 'host-resolves').why).toMatch(/guard against rebinding/)
  })

  test('that answers a public address', async () => {
    await askingTwisted(publicAddress)
    const examined = await at.examine(standard)
    names(examined, 'own-answer')
    expect(findingOf(examined, 'own-answer').found).toMatch(/the resolver of this machine 203\.0\.113\.9/)
    const alone = await at.examine(standard, { env: application })
    namesFirst(alone, 'private-answer')
  })
})

describe('TLS', () => {
  test('by an authority that the string does not name', async () => {
    asking(dnsAddress())
    const examined = await at.examine(standard.replace(/&tlsCAFile=.*/, ''))
    names(examined, 'tls')
    expect(findingOf(examined, 'tls').whatToDo).toContain(`tlsCAFile=${running.bootstrap.caFile}`)
  })

  test('by address, where the endpoint has names: the gateway refuses, and says so', async () => {
    asking(dnsAddress())
    const { hosts } = (await running.client.call('listLocalAwsVpcEndpoints')).body.results.find(
      ({ form }) => form === 'name',
    )?.listen ?? { hosts: [] }
    const examined = await at.examine(standard.replaceAll(/pl-\d+-[\w.-]+(?=:)/g, hosts[0] ?? ''), { env: application })
    namesFirst(examined, 'tls')
  })

  test('with a certificate that has expired', async () => {
    const { ca, key, cert } = await makeCertificates({ expired: true })
    const caFile = join(running.home, 'their-ca.pem')
    await writeFile(caFile, ca)
    const server = createServer({ key, cert }, (socket) => socket.destroy())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    restore.push(() => void server.close())
    const bound = server.address()
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0
    const examined = await at.examine(`mongodb://127.0.0.1:${port}/?tls=true&tlsCAFile=${encodeURIComponent(caFile)}`, {
      env: application,
    })
    names(examined, 'tls')
    expect(findingOf(examined, 'tls').found).toMatch(/out of its time \(CERT_HAS_EXPIRED\)/)
  })
})

provesItsChecks('names')
