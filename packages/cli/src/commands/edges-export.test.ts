import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, runTrial } from '../trial/run-trial.ts'

// What a balancer in front of the gateways is told, from the ports that the control plane gave out.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const endpoint = 'vpce-0123456789abcdef0'
const own = `/api/postern/v1/groups/${groupId}/privateEndpoint`
const port = (slot: number, endpointServiceId = 's1') => ({
  endpointServiceId,
  providerName: 'AWS',
  regionName: 'US_EAST_1',
  clusterName: 'Cluster0',
  member: `db${slot}.example.com:27017`,
  servicePort: 1024 + slot,
  gatewayPort: 15_000 + slot,
})
const answers = (ports: readonly object[]) => ({
  [`GET ${own}/gatewayPorts`]: { body: { results: ports, totalCount: ports.length } },
  [`GET ${own}/endpoint?endpointId=${endpoint}`]: { body: { results: [{ endpointServiceId: 's1' }], totalCount: 1 } },
})

const run = async (line: string, ports: readonly object[] = [port(0), port(1)]) => {
  server.answers = answers(ports)
  return runTrial(`edges export ${line}`.split(' '), { url: server.url })
}

const balancer = `--endpoint ${endpoint} --gateway 192.0.2.5,2001:db8::6`

test('kubernetes: a Service from the advertised ports to those that gateways listen on', async () => {
  const { stdout, code } = await run('--format kubernetes --name mongo')
  expect(code).toBe(0)
  expect(stdout).toContain('kind: Service\nmetadata:\n  name: mongo\nspec:\n  selector:\n    app: mongo\n')
  expect(stdout).toContain(
    '    # Cluster0, db1.example.com:27017\n    - name: member-1025\n      protocol: TCP\n      port: 1025\n      targetPort: 15001\n',
  )
})

test('a sharded cluster’s own port is one of them', async () => {
  const { stdout } = await run('--format kubernetes', [port(0), { ...port(1), member: null }])
  expect(stdout).toContain('    # Cluster0, load balanced\n    - name: member-1025\n')
})

test('kubernetes: the manifest is YAML with the fields of a v1 Service, and no others', async () => {
  const { stdout } = await run('--format kubernetes --name mongo')
  const of = (slot: number) => ({
    name: `member-${1024 + slot}`,
    protocol: 'TCP',
    port: 1024 + slot,
    targetPort: 15_000 + slot,
  })
  expect(parse(stdout)).toEqual({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'mongo' },
    spec: {
      selector: { app: 'mongo' },
      externalTrafficPolicy: 'Local',
      type: 'LoadBalancer',
      ports: [of(0), of(1)],
    },
  })
})

test('haproxy: one listener for each member, in front of every gateway, which says whose it is', async () => {
  const { stdout, code } = await run(`--format haproxy ${balancer}`)
  expect(code).toBe(0)
  expect(stdout).toContain(`{"tlvs":[{"endpoint":"${endpoint}","type":5,"value":"${endpoint}"}]}`)
  expect(stdout).toContain(`listen postern-gateway-1024\n  mode tcp\n  bind :1024\n  unique-id-format ${endpoint}\n`)
  expect(stdout).toContain('  server gateway-0 192.0.2.5:15001 check send-proxy-v2 proxy-v2-options unique-id\n')
  expect(stdout).toContain('  server gateway-1 [2001:db8::6]:15001 check send-proxy-v2 proxy-v2-options unique-id\n')
})

test('envoy: the same, with the endpoint in a TLV of its PROXY header', async () => {
  const { stdout, code } = await run(`--format envoy ${balancer}`)
  expect(code).toBe(0)
  expect(stdout).toContain('port_value: 1025 }')
  expect(stdout).toContain('{ address: "2001:db8::6", port_value: 15001 }')
  const value = Buffer.from(endpoint).toString('base64')
  expect(stdout).toContain(`added_tlvs: [{ type: 5, value: ${value} }]`)
})

describe('of standard listeners', () => {
  const listener = (slot: number, over: object = {}) => ({
    id: `l${slot}`,
    state: 'OPEN',
    problem: null,
    members: [
      { hostPort: `db${slot}.example.com:27017`, host: '192.0.2.1', port: 15_010 + slot, gatewayPort: 15_010 + slot },
    ],
    ...over,
  })
  const path = (name: string) => `GET /api/postern/v1/groups/${groupId}/clusters/${name}/standardListener`
  const exported = async (line: string, shop: object = listener(0)) => {
    server.answers = { [path('Shop')]: { body: shop }, [path('Club')]: { body: listener(1) } }
    return runTrial(`edges export ${line}`.split(' '), { url: server.url })
  }

  test('kubernetes: the ports of each, which are the same on both sides', async () => {
    const { stdout, code } = await exported('--format kubernetes --standardListener Shop,Club')
    expect(code).toBe(0)
    const of = (port: number) => ({ name: `member-${port}`, protocol: 'TCP', port, targetPort: port })
    expect(parse(stdout).spec.ports).toEqual([of(15_010), of(15_011)])
    expect(stdout).toContain('    # Club, db1.example.com:27017\n')
    expect(stdout).toContain('# Connection strings lead to 192.0.2.1 (POSTERN_STANDARD_HOST)')
  })

  test.each(['haproxy', 'envoy'])(
    '%s: a PROXY header that names no endpoint, and whom gateways must trust',
    async (format) => {
      const { stdout, code } = await exported(`--format ${format} --standardListener Shop --gateway 192.0.2.5`)
      expect(code).toBe(0)
      expect(stdout).toContain('#   {"proxies":[{"endpointService":"l0","from":["192.0.2.20/32"]}]}\n')
      expect(stdout).toMatch(/send-proxy-v2\n|version: V2\n/)
      expect(stdout).not.toMatch(/unique-id|added_tlvs|"tlvs"/)
      expect(stdout).toMatch(/bind :15010|port_value: 15010 }/)
    },
  )

  test.each([
    {
      line: `--format haproxy --standardListener Shop --endpoint ${endpoint} --gateway 192.0.2.5`,
      says: 'name either',
    },
    { line: '--format kubernetes --standardListener Shop --endpointServiceId s1', says: 'name either' },
    { line: '--format envoy --standardListener Shop', says: 'envoy needs --gateway' },
    {
      line: '--format kubernetes --standardListener Shop',
      shop: listener(0, { state: 'OFF', members: [] }),
      says: 'of Shop is OFF, and has no ports: postern clusters standardListener enable Shop',
    },
  ])('refused: $line', async ({ line, shop, says }) => {
    const { code, stdout, stderr } = await exported(line, shop)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(says)
  })
})

test('of several services only the endpoint’s, or the one that is named', async () => {
  const ports = [port(0), port(7, 's2')]
  const haproxy = await run(`--format haproxy ${balancer}`, ports)
  expect([haproxy.code, haproxy.stdout.includes('bind :1024'), haproxy.stdout.includes('1031')]).toEqual([
    0,
    true,
    false,
  ])
  const named = await run('--format kubernetes --endpointServiceId s2', ports)
  expect([named.code, named.stdout.includes('port: 1031'), named.stdout.includes('1024')]).toEqual([0, true, false])
})

test.each([
  { line: '--format nginx', says: 'none of kubernetes, haproxy, envoy' },
  { line: '--format haproxy', says: 'haproxy needs --gateway, and --endpoint or --standardListener' },
  { line: `--format haproxy --endpoint ${endpoint}%t --gateway 192.0.2.5`, says: 'cannot send' },
  {
    line: `--format envoy --endpoint ${endpoint} --gateway 192.0.2.5;rm`,
    says: 'invalid value "192.0.2.5;rm" for --gateway',
  },
  { line: '--format kubernetes --name Mongo', says: 'invalid value "Mongo" for --name: begin with a small letter' },
  { line: '--format kubernetes', ports: [port(0), port(0, 's2')], says: 'name one with --endpointServiceId (s1, s2)' },
  { line: '--format kubernetes', ports: [], says: 'no member has a port yet' },
])('refused: $line', async ({ line, ports, says }) => {
  const { code, stdout, stderr } = await run(line, ports ?? [port(0)])
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toContain(says)
})
