// The doctor at what an installation stands on: its home, clocks and keys, the edge with its listeners, limits and DNS, and
// the control plane. One thing after another is broken; it names exactly that, and nothing that only follows from it.

import { chmod } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import type { CheckId } from '@postern/contract/diagnosis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { attach, createService, endpointForms } from '../src/quickstart/forms.ts'
import type { Child } from '../src/up/child.ts'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { provesItsChecks } from './doctor-proof.ts'
import {
  application,
  besideTheServer,
  createShell,
  doctorAt,
  type Environment,
  elsewhere,
  findingOf,
  isWell,
  names,
  namesFirst,
  signedIn,
  statusOf,
  warns,
} from './examined.ts'
import { loseEdge } from './lose-edge.ts'
import { startForTest, targetsOf } from './running.ts'

const linux = process.platform === 'linux'
const secret = 'a-password-of-nobody-7f3a'

let running: Running
let edge: Child | null = null
/** Through the sample's endpoint, to the sample's cluster. */
let uri: string
type Doctor = ReturnType<typeof doctorAt>
let at: Doctor
let paste: Awaited<ReturnType<typeof createShell>>

beforeAll(async () => {
  running = await startForTest({ sample: true })
  at = doctorAt(running, [secret])
  paste = await createShell(running)
  uri = running.bootstrap.connectionStrings[0] ?? ''
})
afterAll(async () => {
  await edge?.stop(4_000)
  await running?.stop()
})

/** A client that connects, and says nothing. */
const takePlace = (hostPort: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const [host = '', port = ''] = hostPort.split(':')
    const socket = connect(Number(port), host, () => resolve(socket)).once('error', reject)
  })

const asOwner = (): string => {
  const { dbUser: user, dbPassword: password } = running.bootstrap
  return signedIn(uri, { user, password })
}
const doctor = (...argv: Parameters<Doctor['doctor']>) => at.doctor(...argv)
const examine = (string: string, env?: Environment) => at.examine(string, env === undefined ? {} : { env })

test('where nothing is broken, nothing is found', async () => {
  const examined = await doctor([])
  isWell(examined)
  const made: readonly CheckId[] = [
    'home-closed',
    'server-ready',
    'keys-accepted',
    'clock',
    'edges-heard',
    'edges-current',
    'dns-answers',
  ]
  expect(made.filter((id) => statusOf(examined, id) !== 'OK')).toEqual([])
})

test('a home that others may open: a warning', async () => {
  await chmod(running.home, 0o755)
  const examined = await doctor([])
  warns(examined, 'home-closed')
  await paste(findingOf(examined, 'home-closed').command)
  isWell(await doctor([]))
})

test('a clock that goes wrong: a warning', async () => {
  const late: typeof fetch = async (url, init) => {
    const response = await fetch(url, init)
    const headers = new Headers(response.headers)
    headers.set('date', new Date(Date.now() - 600_000).toUTCString())
    return new Response(response.body, { status: response.status, headers })
  }
  const examined = await at.doctor([], { fetch: late })
  warns(examined, 'clock')
  expect(findingOf(examined, 'clock').found).toMatch(/60\d s apart/)
})

test('another machine, with keys and no home, finds nothing wrong where it reaches the endpoint', async () => {
  isWell(await examine(asOwner(), elsewhere(running)))
})

test.skipIf(!linux)('another program holds a port of an endpoint', async () => {
  const [form] = endpointForms
  if (form === undefined) throw new Error('no form')
  const { client, bootstrap } = running
  const at = {
    groupId: bootstrap.groupId,
    endpointServiceId: await createService(client, bootstrap.groupId, { ...form, region: 'us-west-2' }),
  }
  const made = await form.createConsumer(client, at)
  const { body } = await client.call('listLocalAwsVpcEndpoints')
  const host = body.results.find(({ vpcEndpointId }) => vpcEndpointId === made.endpointId)?.listen.hosts[0] ?? ''
  const squatter = createServer()
  await new Promise<void>((resolve) => squatter.listen(1025, host, resolve))
  await attach(client, form, { ...at, body: made.body })
  const examined = await until('the edge telling it', 20_000, async () => {
    const found = await doctor([made.endpointId])
    return found.found.includes('edges-serve') ? found : undefined
  })
  namesFirst(examined, 'edges-serve')
  expect(findingOf(examined, 'edges-serve').found).toMatch(/in use/)
  await new Promise((resolve) => squatter.close(resolve))
  await until('the endpoint being well', 30_000, async () =>
    (await doctor([made.endpointId])).found.length === 0 ? true : undefined,
  )
})

test('keys that the control plane does not take', async () => {
  const env = { ...besideTheServer(running), ...elsewhere(running), POSTERN_PRIVATE_KEY: secret }
  names(await doctor([], { env }), 'keys-accepted')
})

test.skipIf(!linux)('the edge is away', async () => {
  const comeBack = await loseEdge(running)
  names(await doctor([]), 'edge-listens')
  names(await doctor(['Cluster0']), 'edge-listens')
  names(await examine(asOwner()), 'edge-listens')
  names(await examine(asOwner(), application), 'port-open')
  const inContainer = await at.examine(asOwner(), { env: elsewhere(running), inContainer: true })
  names(inContainer, 'port-open')
  expect(findingOf(inContainer, 'port-open').why).toMatch(/the container itself/)

  edge = await comeBack({ POSTERN_ENDPOINT_CONNECTIONS: '4' })
  await until('something listening again', 30_000, async () =>
    (await examine(uri, application)).found.length === 0 ? true : undefined,
  )
  const crowd: Socket[] = []
  // A place is free only when the gateway knows that whoever had it has gone, so one more tries until all are taken.
  await until('every place being taken', 20_000, async () => {
    const { body } = await running.client.call('summarizeGroupConnections', {
      params: { groupId: running.bootstrap.groupId },
    })
    if (body.connections >= 4 && crowd.filter((socket) => !socket.closed).length >= 4) return true
    crowd.push(await takePlace(targetsOf(uri)[0] ?? ''))
    return undefined
  })
  const [crowded, remote] = [
    await until('the gateway being full', 20_000, async () => {
      const found = await examine(uri)
      return found.found.includes('room-for-connections') ? found : undefined
    }),
    await examine(uri, elsewhere(running)),
  ]
  for (const socket of crowd) socket.destroy()
  for (const each of [crowded, remote]) {
    names(each, 'room-for-connections')
    expect(findingOf(each, 'room-for-connections').found).toMatch(/ has 4 of 4 connections\. Most are of /)
  }
  expect(findingOf(crowded, 'admitted').found).toMatch(
    /^The gateway refused 127\S+ at 20\S+: .*\(TOO_MANY_CONNECTIONS\)/,
  )
  expect(findingOf(remote, 'admitted').found).toMatch(
    /^The gateway refused a connection through vpce-\w+ at 20\S+ \(TOO_MANY_CONNECTIONS\)/,
  )
  warns(
    await until('their places being free', 20_000, async () => {
      const found = await examine(asOwner())
      return found.code === 0 ? found : undefined
    }),
    'room-for-connections',
  )

  await edge.stop(4_000)
  edge = await comeBack({ POSTERN_EDGE_PROGRAMS: 'gateway,forwarder' })
  const nameless = await until('all but DNS being there', 30_000, async () => {
    const found = await doctor([])
    return found.found.includes('edge-listens') ? undefined : found
  })
  names(nameless, 'dns-answers')

  await edge.stop(4_000)
  edge = await comeBack()
  await until('the installation being well again', 30_000, async () =>
    (await examine(asOwner())).found.length === 0 ? true : undefined,
  )
})

test('the control plane is away: nothing can be asked, and the road goes on', async () => {
  await running.children.server.stop(4_000)
  names(await doctor([]), 'server-reachable')
  names(await doctor(['Cluster0']), 'server-reachable')
  const examined = await examine(asOwner())
  warns(examined, 'server-reachable')
  expect(statusOf(examined, 'authentication')).toBe('OK')
})

provesItsChecks('installation')
