import { noPolicy } from '@postern/contract/endpoint-policy'
import { describe, expect, test } from 'vitest'
import { type Crowd, refusedBetween, roomForConnections, turnedAway, withinPolicy } from './judge-connections.ts'
import type { EndpointPolicy } from './refusals.ts'

const now = Date.UTC(2026, 0, 1, 12)
const endpoint = (
  connections: number,
  refused: Crowd['endpoints'][number]['refused'] = [],
  {
    endpointId = 'vpce-1',
    connectionsLimit = null,
    working = connections,
  }: { endpointId?: string; connectionsLimit?: number | null; working?: number } = {},
) => ({
  endpointId,
  endpointServiceId: 'f'.repeat(24),
  cloudProvider: 'AWS' as const,
  connections,
  working,
  connectionsLimit,
  newPerSecondLimit: null,
  refused,
})
const tooMany = (count: number, minutesAgo: number) => ({
  code: 'TOO_MANY_CONNECTIONS',
  count,
  last: new Date(now - minutesAgo * 60_000).toISOString(),
  lastConnection: '6553f0c8a3b1000000000001',
})
const crowd = (endpoints: Crowd['endpoints'], more: Partial<Crowd> = {}): Crowd => ({
  connections: endpoints.reduce((sum, { connections }) => sum + connections, 0),
  endpoints,
  endpointServices: [],
  appNames: [
    { appName: 'shop', connections: 8 },
    { appName: null, connections: 1 },
  ],
  sources: [{ source: '10.0.0.7', connections: 9 }],
  gateways: [
    {
      edge: 'e',
      connections: 9,
      connectionsPerEndpointLimit: 10,
      newPerSecondPerEndpointLimit: 0,
      connectionsLimit: 20,
    },
  ],
  unansweredEdges: [],
  ...more,
})

/** Turned away before it was known through which endpoint it came. */
const unknown = (code: string, minutesAgo: number, lastFrom: string | null = '10.0.0.9') => ({
  ...tooMany(3, minutesAgo),
  ...{ code, lastEdge: 'gateway-2', lastPort: 27_021, lastFrom },
})
const service = (refused: Crowd['endpointServices'][number]['refused']) => ({
  endpointServiceId: 'e'.repeat(24),
  cloudProvider: 'AWS' as const,
  refused,
})

describe('live connections beside what the gateways let in', () => {
  test.each<{ says: string; crowd: Crowd | null; status: string; found: RegExp }>([
    { says: 'none', crowd: crowd([]), status: 'OK', found: /no connections; an endpoint may have 10/ },
    {
      says: 'a few, and who has them',
      crowd: crowd([endpoint(5)]),
      status: 'OK',
      found: /5 connections.* shop \(8\), no appName \(1\); from 10\.0\.0\.7 \(9\)/,
    },
    { says: 'almost all', crowd: crowd([endpoint(9)]), status: 'WARNING', found: /vpce-1 has 9 of 10 .* shop \(8\)/ },
    {
      says: 'all of an endpoint that has a limit of its own, beside one with more connections',
      crowd: crowd([endpoint(5), endpoint(3, [], { endpointId: 'vpce-2', connectionsLimit: 3 })]),
      status: 'FAILED',
      found: /vpce-2 has 3 of 3 /,
    },
    {
      says: 'those that only watch are beside the limit of the endpoint',
      crowd: crowd([endpoint(6, [], { working: 1, connectionsLimit: 3 })]),
      status: 'OK',
      found: /6 connections/,
    },
    {
      says: 'as many that only watch as a gateway lets in',
      crowd: crowd([endpoint(10, [], { working: 0 })]),
      status: 'FAILED',
      found: /10 of 10/,
    },
    { says: 'all', crowd: crowd([endpoint(10)]), status: 'FAILED', found: /10 of 10/ },
    {
      says: 'refusals a minute ago',
      crowd: crowd([endpoint(1, [tooMany(3, 1)])]),
      status: 'WARNING',
      found:
        /refused for want of room \(TOO_MANY_CONNECTIONS\), last at 2026-01-01T11:59\S+, connection 6553f0c8a3b1000000000001\./,
    },
    { says: 'refusals of yesterday', crowd: crowd([endpoint(1, [tooMany(3, 1_440)])]), status: 'OK', found: /1 conn/ },
    { says: 'nobody to ask', crowd: null, status: 'COULD_NOT_TELL', found: /No gateway/ },
    {
      says: 'gateways that do not answer',
      crowd: crowd([], { gateways: [], unansweredEdges: ['e'] }),
      status: 'COULD_NOT_TELL',
      found: /No gateway/,
    },
  ])('$says', ({ crowd: given, status, found }) => {
    const finding = roomForConnections(given, now)
    expect([finding.status, finding.found]).toEqual([status, expect.stringMatching(found)])
  })
})

test('what was refused between two looks is told, and what was refused before is not', () => {
  const [before, after] = [crowd([endpoint(1, [tooMany(3, 1)])]), crowd([endpoint(1, [tooMany(4, 0)])])]
  expect(refusedBetween(before, after)).toMatchObject({ door: 'vpce-1', code: 'TOO_MANY_CONNECTIONS' })
  const atPort = crowd([], { endpointServices: [service([unknown('NO_LINK', 0)])] })
  const door = `a port of endpoint service ${'e'.repeat(24)}`
  expect(refusedBetween(crowd([]), atPort)).toMatchObject({ door, code: 'NO_LINK' })
  expect(refusedBetween(atPort, atPort)).toBeNull()
  expect(refusedBetween(before, before)).toBeNull()
  expect(refusedBetween(null, null)).toBeNull()
})

describe('what policies of endpoints made the gateways refuse', () => {
  const refused = (code: string, minutesAgo: number) => ({ ...tooMany(3, minutesAgo), code })
  const policy = (more: Partial<EndpointPolicy>) => ({ ...noPolicy, ...more }) as EndpointPolicy
  test.each<{ says: string; crowd: Crowd | null; policy?: EndpointPolicy; status: string; found: RegExp }>([
    { says: 'nothing', crowd: crowd([endpoint(5)]), status: 'OK', found: /No policy/ },
    { says: 'a limit is no policy', crowd: crowd([endpoint(5, [tooMany(1, 1)])]), status: 'OK', found: /No policy/ },
    {
      says: 'a write through a read-only endpoint',
      crowd: crowd([endpoint(5, [refused('READ_ONLY', 1)])]),
      status: 'WARNING',
      found: /^The policy of vpce-1 made the gateway refuse: READ_ONLY, 3 times, last at 2026/,
    },
    {
      says: 'several things: all of them, the last one first',
      crowd: crowd([endpoint(5, [refused('READ_ONLY', 2), refused('USER_NOT_ALLOWED', 1)])]),
      policy: policy({ readOnly: true, databaseUsers: [] }),
      status: 'WARNING',
      found: /refuse: USER_NOT_ALLOWED, 3 times, .*; READ_ONLY, 3 times, /,
    },
    {
      says: 'what a rule refused that is lifted by now, beside one that is not',
      crowd: crowd([endpoint(5, [refused('READ_ONLY', 2), refused('CLUSTER_NOT_ALLOWED', 1)])]),
      policy: policy({ readOnly: true }),
      status: 'WARNING',
      found: /refuse: READ_ONLY, 3 times, last at [^;]*$/,
    },
    {
      says: 'what a policy refused that asks for nothing by now',
      crowd: crowd([endpoint(5, [refused('READ_ONLY', 1), refused('UNKNOWN_POLICY', 1)])]),
      policy: policy({}),
      status: 'OK',
      found: /No policy/,
    },
    {
      says: 'an address that is not on the access list',
      crowd: crowd([endpoint(5, [refused('NOT_ON_ACCESS_LIST', 1)])]),
      status: 'WARNING',
      found: /^The access list before vpce-1 made the gateway refuse: NOT_ON_ACCESS_LIST, 3 times/,
    },
    {
      says: 'one of an hour ago',
      crowd: crowd([endpoint(5, [refused('READ_ONLY', 60)])]),
      status: 'OK',
      found: /No policy/,
    },
    { says: 'nobody could be asked', crowd: null, status: 'COULD_NOT_TELL', found: /No gateway/ },
  ])('$says: $status', ({ crowd: told, policy: asked, status, found }) => {
    const policies = new Map(asked === undefined ? [] : [['vpce-1', asked] as const])
    const finding = withinPolicy(told, policies, now)
    expect([finding.status, finding.found]).toEqual([status, expect.stringMatching(found)])
    expect(finding.whatToDo === null).toBe(status !== 'WARNING')
  })

  test.each([
    {
      says: 'the gateway’s own certificate is no policy, and no command shows it',
      endpointId: 'standard:Cluster0',
      codes: ['MEMBER_CERTIFICATE'],
      found:
        /^The gateway’s own certificate made it refuse at standard:Cluster0: MEMBER_CERTIFICATE, 3 times, last at \S+, connection \w+\.$/,
      command: null,
    },
    {
      says: 'each for itself where an endpoint has both',
      endpointId: 'vpce-1',
      codes: ['MEMBER_CERTIFICATE', 'READ_ONLY'],
      found:
        /^The gateway’s own certificate .* at vpce-1: MEMBER_CERTIFICATE, [^;]*\. The policy of vpce-1 .*: READ_ONLY, /,
      command: `postern privateEndpoints aws interfaces describe vpce-1 --endpointServiceId ${'f'.repeat(24)}`,
    },
    {
      says: 'the access list of a standard listener',
      endpointId: 'standard:Cluster0',
      codes: ['NOT_ON_ACCESS_LIST'],
      found: /^The access list before standard:Cluster0 /,
      command: 'postern accessLists list',
    },
    {
      says: 'the policy of a standard listener',
      endpointId: 'standard:Cluster0',
      codes: ['UNKNOWN_POLICY'],
      found: /^The policy of standard:Cluster0 /,
      command: 'postern clusters standardListener describe Cluster0',
    },
  ])('what made it refuse: $says', ({ endpointId, codes, found, command }) => {
    const refusals = codes.map((code) => refused(code, 1))
    const told = withinPolicy(crowd([endpoint(5, refusals, { endpointId })]), new Map(), now)
    expect([told.found, told.command]).toEqual([expect.stringMatching(found), command])
  })

  test('the command shows the policy of that endpoint', () => {
    const { command } = withinPolicy(crowd([endpoint(5, [refused('READ_ONLY', 1)])]), new Map(), now)
    const serviceId = 'f'.repeat(24)
    expect(command).toBe(`postern privateEndpoints aws interfaces describe vpce-1 --endpointServiceId ${serviceId}`)
  })
})

describe('whom else the gateways turned away', () => {
  const at = (code: string, minutesAgo: number) => ({ ...tooMany(3, minutesAgo), code })
  test.each<{ says: string; crowd: Crowd | null; status: string; found: RegExp; whatToDo?: RegExp }>([
    { says: 'nobody', crowd: crowd([endpoint(5)]), status: 'OK', found: /turned nobody else away/ },
    {
      says: 'a load balancer that nobody trusts: which gateway, which port, from where',
      crowd: crowd([], { endpointServices: [service([unknown('UNTRUSTED_SOURCE', 1)])] }),
      status: 'WARNING',
      found:
        /^At the ports of endpoint service e{24}: UNTRUSTED_SOURCE, 3 times, last at 2026\S+, connection \w+ from 10\.0\.0\.9 at port 27021 of gateway gateway-2\.$/,
      whatToDo: /POSTERN_TRUSTED_PROXIES/,
    },
    {
      says: 'a gateway that is full',
      crowd: crowd([], { endpointServices: [service([unknown('GATEWAY_FULL', 1, null)])] }),
      status: 'WARNING',
      found: /GATEWAY_FULL, 3 times, .* at port 27021 of gateway gateway-2/,
      whatToDo: /ulimit -n/,
    },
    {
      says: 'several: what each means, and what to do about each',
      crowd: crowd([], { endpointServices: [service([unknown('NO_LINK', 2), unknown('PROXY_HEADER', 1)])] }),
      status: 'WARNING',
      found: /: PROXY_HEADER, 3 times, .*; NO_LINK, 3 times, /,
      whatToDo: /^PROXY_HEADER: Switch PROXY protocol .* NO_LINK: Let the load balancer add /,
    },
    {
      says: 'a client at a known endpoint: no fault of anybody’s here, and worth knowing',
      crowd: crowd([endpoint(5, [at('WRONG_NAME', 1)])]),
      status: 'OK',
      found: /^At vpce-1: WRONG_NAME, 3 times/,
      whatToDo: /host names of the connection string/,
    },
    {
      says: 'what is a matter of room, or of a policy, is told elsewhere',
      crowd: crowd([endpoint(5, [at('TOO_MANY_CONNECTIONS', 1), at('READ_ONLY', 1)])]),
      status: 'OK',
      found: /nobody else/,
    },
    {
      says: 'a member that could not be reached is no refusal',
      crowd: crowd([endpoint(5, [at('ECONNREFUSED', 1)])]),
      status: 'OK',
      found: /nobody else/,
    },
    {
      says: 'one of an hour ago',
      crowd: crowd([], { endpointServices: [service([unknown('NO_LINK', 60)])] }),
      status: 'OK',
      found: /nobody else/,
    },
    { says: 'nobody could be asked', crowd: null, status: 'COULD_NOT_TELL', found: /No gateway/ },
  ])('$says: $status', ({ crowd: told, status, found, whatToDo }) => {
    const finding = turnedAway(told, now)
    expect([finding.status, finding.found]).toEqual([status, expect.stringMatching(found)])
    expect(finding.whatToDo).toEqual(whatToDo === undefined ? null : expect.stringMatching(whatToDo))
  })
})
