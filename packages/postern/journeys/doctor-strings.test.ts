// The doctor at connection strings: right ones, in which it must find nothing, and ones that are wrong, out of date, or
// whose road is broken between here and the endpoint. It names exactly that, and nothing that only follows from it.

import { createServer } from 'node:net'
import { ApiError } from '@postern/contract/client'
import { type CheckId, isNote } from '@postern/contract/diagnosis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attach, connectionStringThrough, endpointAvailable, endpointForms } from '../src/quickstart/forms.ts'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { cutOff } from './cut-off.ts'
import { provesItsChecks } from './doctor-proof.ts'
import {
  application,
  createShell,
  doctorAt,
  type Environment,
  findingOf,
  isWell,
  names,
  signedIn,
  statusOf,
  warns,
} from './examined.ts'
import { relayTo } from './relay.ts'
import { startForTest, targetsOf } from './running.ts'

const secret = 'a-password-of-nobody-7f3a'

let running: Running
/** Through the sample's endpoint, to the sample's cluster. */
let uri: string
let at: ReturnType<typeof doctorAt>
let paste: Awaited<ReturnType<typeof createShell>>

beforeAll(async () => {
  running = await startForTest({ sample: true })
  at = doctorAt(running, [secret])
  paste = await createShell(running)
  uri = running.bootstrap.connectionStrings[0] ?? ''
})
afterAll(() => running?.stop())

const as = (user: string, password: string, string = uri): string => signedIn(string, { user, password })
const asOwner = (string = uri): string => as(running.bootstrap.dbUser, running.bootstrap.dbPassword, string)
const doctor = () => at.doctor([])
const examine = (string: string, env?: Environment) => at.examine(string, env === undefined ? {} : { env })

describe('where nothing is broken, nothing is found', () => {
  test.each<{ says: string; env: Environment | undefined; made: readonly CheckId[] }>([
    {
      says: 'beside the control plane',
      env: undefined,
      made: ['target-known', 'through-endpoint', 'user-known', 'user-applied', 'set-name', 'authentication'],
    },
    {
      says: 'from the application’s side alone',
      env: application,
      made: ['host-resolves', 'private-answer', 'port-open', 'admitted', 'member-answers', 'authentication'],
    },
  ])('$says', async ({ env, made }) => {
    const examined = await examine(asOwner(), env)
    isWell(examined)
    expect(made.filter((id) => statusOf(examined, id) !== 'OK')).toEqual([])
  })
})

describe('a connection string', () => {
  test.each<{ says: string; string: () => string; first: CheckId }>([
    { says: 'with a wrong password', string: () => as('app', secret), first: 'authentication' },
    { says: 'with a user that the project does not have', string: () => as('nobody', secret), first: 'user-known' },
    {
      says: 'with an @ in its password',
      string: () => `mongodb://app:${secret}@@127.0.0.1/`,
      first: 'string-readable',
    },
    {
      says: 'of another set',
      string: () => asOwner(uri.replace(/replicaSet=[^&]*/, 'replicaSet=other')),
      first: 'set-name',
    },
    {
      says: 'that asks for a load balancer',
      string: () => asOwner(`${uri.replace(/&replicaSet=[^&]*/, '')}&loadBalanced=true`.replace(/,[^/]*/, '')),
      first: 'load-balanced',
    },
    {
      says: 'of another user database',
      string: () => asOwner(`${uri.replace('authSource=admin', 'authSource=other')}`),
      first: 'user-known',
    },
    { says: 'that asks an address for TLS', string: () => asOwner(`${uri}&tls=true`), first: 'tls' },
  ])('$says', async ({ string, first }) => {
    names(await examine(string()), first)
  })

  test('of the members themselves goes past every endpoint: a warning', async () => {
    const params = { groupId: running.bootstrap.groupId, clusterName: 'Cluster0' }
    const { body } = await running.client.call('getGroupClusterConnectionStrings', { params })
    warns(await examine(asOwner(body.standard ?? '')), 'through-endpoint')
  })

  test('whose pool keeps connections longer than clouds do: a warning, where every other driver’s is a note', async () => {
    warns(await examine(asOwner(`${uri}&maxIdleTimeMS=600000`)), 'idle-time')
    expect(isNote(findingOf(await examine(asOwner()), 'idle-time'))).toBe(true)
    expect(isNote(findingOf(await examine(asOwner(`${uri}&maxIdleTimeMS=60000`)), 'idle-time'))).toBe(false)
  })

  test('through a firewall that lists single ports', async () => {
    const [, second = ''] = targetsOf(uri)
    const [host = '', port = ''] = second.split(':')
    const restore = cutOff({ host, port: Number(port) }, 'ETIMEDOUT')
    const [beside, alone] = [await examine(asOwner()), await examine(asOwner(), application)]
    restore()
    names(beside, 'port-open')
    names(alone, 'port-open')
    expect(findingOf(alone, 'port-open')).toMatchObject({
      found: `${second}: timed out.`,
      why: expect.stringMatching(/a firewall.*a rule lists single ports/),
    })
  })

  test('where this machine has no route', async () => {
    const [host = ''] = (targetsOf(uri)[0] ?? '').split(':')
    const restore = cutOff({ host }, 'ENETUNREACH')
    const examined = await examine(asOwner(), application)
    restore()
    names(examined, 'port-open')
    expect(findingOf(examined, 'port-open').found).toMatch(/: unroutable\.$/)
  })

  test('of a relay in between, behind which the members name hosts that are not reached', async () => {
    const targets = targetsOf(uri)
    const relays = await Promise.all(targets.map(relayTo))
    const relayed = asOwner(uri.replace(targets.join(), relays.map(({ hostPort }) => hostPort).join()))
    isWell(await examine(relayed, application))
    const restore = cutOff({ host: (targets[0] ?? '').split(':')[0] ?? '' }, 'ETIMEDOUT')
    const examined = await examine(relayed, application)
    restore()
    for (const { stop } of relays) stop()
    names(examined, 'advertised')
    expect(findingOf(examined, 'advertised').found).toContain(targets[0])
  })

  test('of an endpoint that was deleted', async () => {
    const [form] = endpointForms
    if (form === undefined) throw new Error('no form')
    const { client, bootstrap } = running
    const { groupId, clusterName } = bootstrap
    const { body: services } = await client.call('listGroupPrivateEndpointEndpointService', {
      params: { groupId, cloudProvider: 'AWS' },
    })
    const at = { groupId, endpointServiceId: services[0]?.id ?? '' }
    const made = await form.createConsumer(client, at)
    await attach(client, form, { ...at, body: made.body })
    await endpointAvailable(client, form, { ...at, endpointId: made.endpointId })
    const old = await connectionStringThrough(client, { groupId, clusterName, endpointId: made.endpointId })
    expect((await examine(asOwner(old))).found).toEqual([])
    const params = { ...at, endpointId: made.endpointId, cloudProvider: 'AWS' }
    await client.call('deleteGroupPrivateEndpointEndpointServiceEndpoint', { params })
    await until('the endpoint being gone', 20_000, () =>
      client.call('getGroupPrivateEndpointEndpointServiceEndpoint', { params }).then(
        () => undefined,
        (error) => (error instanceof ApiError && error.status === 404 ? true : undefined),
      ),
    )
    names(await examine(asOwner(old)), 'target-known')
    names(await examine(asOwner(old), application), 'port-open')

    // What its consumer made is still there.
    const left = await doctor()
    warns(left, 'leftovers')
    expect(findingOf(left, 'leftovers').found).toContain(made.endpointId)
    await paste(findingOf(left, 'leftovers').command)
    isWell(await doctor())
  })

  test('of the gateway itself, which nobody dials', async () => {
    const { host, firstPort } = running.bootstrap.gateway
    const string = asOwner(`mongodb://${host}:${firstPort}/`)
    names(await examine(string), 'through-endpoint')
    const alone = await examine(string, application)
    names(alone, 'admitted')
    expect(findingOf(alone, 'admitted').found).toMatch(/ended it without an answer/)
    const later = await doctor()
    warns(later, 'turned-away')
    expect(findingOf(later, 'turned-away').found).toMatch(
      new RegExp(
        `^At the ports of endpoint service \\w{24}: UNTRUSTED_SOURCE, .* from 127.0.0.1 at port ${firstPort} `,
      ),
    )
  })

  test('with a port that nobody listens on', async () => {
    const server = createServer()
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
      }),
    )
    names(await examine(as('app', secret, `mongodb://127.0.0.1:${port}/`), application), 'port-open')
  })

  test('with a name that has no address, and with one that has no SRV records', async () => {
    names(await examine(as('app', secret, 'mongodb://no-such-host.invalid:1024/'), application), 'host-resolves')
    const srv = `mongodb+srv://app:${secret}@cluster0.no-such-zone.invalid/`
    names(await examine(srv, application), 'srv-resolves')
  })
})

provesItsChecks('strings')
