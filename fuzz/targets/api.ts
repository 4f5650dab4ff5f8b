// What comes with a request before anybody is asked who it is, and what the edge reads of a control plane or a disk.

import { AtlasError } from '../../packages/contract/src/errors.ts'
import { routes } from '../../packages/contract/src/routes.ts'
import { parseDigestAnswer } from '../../packages/control-plane/src/http/digest.ts'
import { compileRoutes } from '../../packages/control-plane/src/http/match.ts'
import { makeNonce, readNonce } from '../../packages/control-plane/src/http/nonce.ts'
import { chooseVersion, contentTypeOf } from '../../packages/control-plane/src/http/version.ts'
import { holdsAddress, parseRange } from '../../packages/control-plane/src/identity/address-range.ts'
import { buildZone } from '../../packages/edge/src/dns/zone.ts'
import { parseSnapshot } from '../../packages/edge/src/follow/parse-snapshot.ts'
import { SnapshotError } from '../../packages/edge/src/follow/shape.ts'
import { indexSnapshot } from '../../packages/edge/src/gateway/admit.ts'
import type { Target } from '../engine/explore.ts'
import { orRefused, promise, same } from './promise.ts'

const key = new Uint8Array(32).fill(3)
const nonce = makeNonce(key, Date.UTC(2026, 0, 1), '0123456789abcdef')

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`

export const digest: Target = {
  says: 'an answer to our challenge that is understood says the same when it is written anew',
  longest: 2048,
  seeds: () =>
    [
      `Digest username="abcdefgh", realm="MMS Public API", nonce="${nonce}", uri="/api/atlas/v2/groups", algorithm=MD5, response="0123456789abcdef0123456789abcdef", qop=auth, nc=00000001, cnonce="xyz"`,
      `digest username="a\\"b", realm="MMS Public API", nonce="${nonce}", uri="/a?b=c,d", response="0123456789ABCDEF0123456789abcdef", qop="auth", nc="0000000A", cnonce=x`,
      'Basic YTpi',
    ].map((text) => Buffer.from(text)),
  run(input) {
    // Header values reach us as Latin-1.
    const text = input.toString('latin1')
    const answer = parseDigestAnswer(text)
    readNonce(key, text)
    if (answer === null) return
    const given = { ...answer, realm: 'MMS Public API', qop: 'auth' }
    const written = Object.entries(given).map(([name, value]) => `${name}=${quoted(value)}`)
    same(parseDigestAnswer(`Digest ${written.join(', ')}`), answer, 'it is understood as something else')
    const known = readNonce(key, answer.nonce)
    if (known !== null) same(answer.nonce, nonce, 'a nonce that we never made is believed')
  },
}

const match = compileRoutes(routes)

export const requestLine: Target = {
  says: 'a path means one operation, and the same one when it is put together again from what was read of it',
  longest: 512,
  seeds: () => [
    ...Object.values(routes).map(({ method, path }) => Buffer.from(`${method} ${path}`)),
    Buffer.from('GET //api/atlas/v2/groups/'),
    Buffer.from(
      'GET /api/atlas/v2/groups/1/privateEndpoint/AZURE/endpointService/2/endpoint//subscriptions/a/resourceGroups/b/providers/Microsoft.Network/privateEndpoints/c',
    ),
  ],
  run(input) {
    const [method = '', ...rest] = input.toString('latin1').split(' ')
    const path = rest.join(' ')
    const found = match(method, path)
    if (found.found !== 'operation') return
    const route = routes[found.operation]
    const values = Object.values(found.rawParams)
    promise(
      values.every((value) => value !== '' && !value.includes('/')),
      'a parameter that is more than a segment',
    )
    const template = found.legacy ? route.path.replace('/api/atlas/v2', '/api/atlas/v1.0') : route.path
    const again = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => found.rawParams[name] ?? '')
    same(match(method, again), found, 'it means something else')
    const asked = { accept: path, contentType: method }
    const version = orRefused(AtlasError, () => chooseVersion(route, asked, found.legacy))
    if (version !== null) promise(contentTypeOf(version, found.legacy).includes('json'), 'no type')
  },
}

export const addressRange: Target = {
  says: 'a range that is understood holds its own address, and is spelled in one way',
  longest: 64,
  seeds: () =>
    ['192.0.2.0/24', '192.0.2.7', '2001:DB8::/32', '::ffff:192.0.2.7', '::1', '0.0.0.0/0', '::/0'].map((text) =>
      Buffer.from(text),
    ),
  run(input) {
    const range = parseRange(input.toString('latin1'))
    if (range === null) return
    same(parseRange(range.cidr), range, 'its own spelling is another range')
    const [address = ''] = range.cidr.split('/')
    promise(holdsAddress(range.cidr, address), 'it does not hold its own address')
    if (range.single !== null) same(range.single, address, 'another single address')
  },
}

const whole = (body: object, more: object = {}): Buffer =>
  Buffer.from(JSON.stringify({ epoch: 'E', n: 3, body, ...more }))

export const snapshots: Target = {
  says: 'a snapshot from a torn file or a strange server is refused with a sentence, or is whole',
  longest: 4096,
  seeds: () => [
    whole({
      listeners: [{ gatewayPort: 15_000, serviceId: 's', clusterId: 'c', memberId: 'm' }],
      endpoints: [
        {
          id: 'e',
          serviceId: 's',
          provider: 'AWS',
          linkIds: ['vpce-1'],
          cloudEndpointId: 'vpce-1',
          status: 'AVAILABLE',
          tls: true,
          names: ['pl-0.postern.internal'],
          byAddress: false,
          advertised: { m: { host: 'pl-0.postern.internal', port: 1024 } },
        },
      ],
      clusters: [{ id: 'c', name: 'C', members: [{ id: 'm', hostPort: 'a.internal:27017' }], tls: null }],
    }),
    whole({ listeners: [{ id: 'l', provider: 'GCP', linkId: '1', hosts: ['127.0.0.5'], port: 1, gatewayPort: 2 }] }),
    whole({
      domain: 'postern.internal',
      records: [
        { type: 'A', name: 'a.postern.internal', ttl: 1, value: '10.0.0.1' },
        { type: 'TXT', name: 'a.postern.internal', ttl: 1, value: 'x' },
        { type: 'SRV', name: '_a._tcp.postern.internal', ttl: 1, priority: 0, weight: 0, port: 1, target: 'a.b' },
      ],
    }),
    whole({ domain: 'a', records: [] }, { schema: 2 }),
  ],
  run(input) {
    const json = input.toString('utf8')
    for (const feed of ['gateway', 'forwarder', 'dns'] as const) {
      const snapshot = orRefused(SnapshotError, () => parseSnapshot(feed, json))
      if (snapshot === null) continue
      // As text, which has one zero only.
      const text = JSON.stringify(snapshot)
      same(JSON.stringify(parseSnapshot(feed, text)), text, 'it is read as something else')
      if ('endpoints' in snapshot.body) indexSnapshot(snapshot.body)
      if ('records' in snapshot.body) buildZone({ ...snapshot, body: snapshot.body }, '127.0.0.1')
    }
  },
}
