import { availableParallelism, hostname } from 'node:os'
import { join } from 'node:path'
import { type Environment, EnvironmentError } from '@postern/contract/environment'
import { describe, expect, test } from 'vitest'
import { readEdgeConfig } from './config.ts'

const key = 'ab'.repeat(32)
const least: Environment = {
  POSTERN_URL: 'http://127.0.0.1:8080',
  POSTERN_EDGE_TOKEN: 'a-token-of-enough-length',
  POSTERN_FORWARDER_KEY: key,
}

const problemsOf = (env: Environment): readonly string[] => {
  try {
    readEdgeConfig(env)
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems
    throw error
  }
  return []
}

test('what is not said has a default', () => {
  expect(readEdgeConfig({ ...least, XDG_DATA_HOME: '/data' })).toEqual({
    url: 'http://127.0.0.1:8080',
    edge: hostname(),
    enrolment: null,
    token: 'a-token-of-enough-length',
    programs: new Set(['gateway', 'dns', 'forwarder']),
    directory: '/data/postern/edge',
    forwarderKey: Buffer.from(key, 'hex'),
    gatewayHost: '127.0.0.1',
    trustedProxies: [],
    listenersFile: null,
    certificate: null,
    memberCertificate: null,
    relay: 'auto',
    workers: 1,
    dns: { host: '127.0.0.1', port: 0 },
    metrics: null,
    limits: { connections: 20_000, connectionsPerEndpoint: 5_000, newPerSecond: 1_000 },
    logLevel: 'info',
    allowRemote: false,
  })
})

test('everything can be said', () => {
  const config = readEdgeConfig({
    POSTERN_URL: 'https://control.example:8443/base/',
    POSTERN_EDGE: 'edge-a.1',
    POSTERN_EDGE_ENROLMENT: 'pet_a-token-of-enough-length',
    POSTERN_EDGE_TOKEN: 'another-token-of-length',
    POSTERN_EDGE_PROGRAMS: 'gateway, dns',
    POSTERN_EDGE_DIR: '/var/lib/postern-edge',
    POSTERN_FORWARDER_KEY: Buffer.alloc(32, 0xfb).toString('base64'),
    POSTERN_GATEWAY_HOST: '0.0.0.0',
    POSTERN_TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::/32',
    POSTERN_GATEWAY_LISTENERS: '/etc/postern/listeners.json',
    POSTERN_GATEWAY_CERT: '/etc/tls/postern.crt',
    POSTERN_GATEWAY_KEY: '/etc/tls/postern.key',
    POSTERN_MEMBER_CERT: '/etc/tls/member.crt',
    POSTERN_MEMBER_KEY: '/etc/tls/member.key',
    POSTERN_GATEWAY_RELAY: 'yes',
    POSTERN_GATEWAY_WORKERS: '4',
    POSTERN_DNS_HOST: '::1',
    POSTERN_DNS_PORT: '5300',
    POSTERN_METRICS_HOST: '0.0.0.0',
    POSTERN_METRICS_PORT: '9464',
    POSTERN_GATEWAY_CONNECTIONS: '100',
    POSTERN_ENDPOINT_CONNECTIONS: '10',
    POSTERN_ENDPOINT_CONNECTIONS_PER_SECOND: '0',
    POSTERN_LOG_LEVEL: 'debug',
    POSTERN_ALLOW_PLAIN_REMOTE: 'yes',
  })
  expect(config).toEqual({
    url: 'https://control.example:8443/base',
    edge: 'edge-a.1',
    enrolment: 'pet_a-token-of-enough-length',
    token: 'another-token-of-length',
    programs: new Set(['gateway', 'dns']),
    directory: '/var/lib/postern-edge',
    forwarderKey: Buffer.alloc(32, 0xfb),
    gatewayHost: '0.0.0.0',
    trustedProxies: ['10.0.0.0/8', '2001:db8::/32'],
    listenersFile: '/etc/postern/listeners.json',
    certificate: { certFile: '/etc/tls/postern.crt', keyFile: '/etc/tls/postern.key' },
    memberCertificate: { certFile: '/etc/tls/member.crt', keyFile: '/etc/tls/member.key' },
    relay: 'yes',
    workers: 4,
    dns: { host: '::1', port: 5300 },
    metrics: { host: '0.0.0.0', port: 9464 },
    limits: { connections: 100, connectionsPerEndpoint: 10, newPerSecond: 0 },
    logLevel: 'debug',
    allowRemote: true,
  })
})

test.each([
  { says: 'POSTERN_HOME', env: { POSTERN_HOME: '/home/p' }, directory: '/home/p/edge' },
  { says: 'the XDG data folder', env: { XDG_DATA_HOME: '/data' }, directory: join('/data', 'postern', 'edge') },
])('snapshots lie in $says by default', ({ env, directory }) => {
  expect(readEdgeConfig({ ...least, ...env }).directory).toBe(directory)
})

test('the key may be base64url as well', () => {
  const bytes = Buffer.alloc(32, 0xfb)
  const config = readEdgeConfig({ ...least, POSTERN_FORWARDER_KEY: bytes.toString('base64url') })
  expect(config.forwarderKey).toEqual(bytes)
})

describe('what is wrong is named', () => {
  test.each([
    { env: { POSTERN_GATEWAY_CERT: '/c' }, says: 'POSTERN_GATEWAY_CERT and POSTERN_GATEWAY_KEY go together' },
    { env: { POSTERN_GATEWAY_KEY: '/k' }, says: 'POSTERN_GATEWAY_CERT and POSTERN_GATEWAY_KEY go together' },
    { env: { POSTERN_METRICS_HOST: '0.0.0.0' }, says: 'POSTERN_METRICS_HOST is 0.0.0.0, which is no loopback address' },
    { env: { POSTERN_METRICS_PORT: '70000' }, says: 'POSTERN_METRICS_PORT must be a port' },
    { env: { POSTERN_GATEWAY_CONNECTIONS: '0' }, says: 'POSTERN_GATEWAY_CONNECTIONS must be a whole number from 1' },
    { env: { POSTERN_ENDPOINT_CONNECTIONS: '-1' }, says: 'POSTERN_ENDPOINT_CONNECTIONS must be a whole number from 1' },
    {
      env: { POSTERN_ENDPOINT_CONNECTIONS_PER_SECOND: 'many' },
      says: 'POSTERN_ENDPOINT_CONNECTIONS_PER_SECOND must be a whole number from 0',
    },
    { env: { POSTERN_URL: '' }, says: 'POSTERN_URL is missing' },
    { env: { POSTERN_URL: 'localhost' }, says: 'POSTERN_URL must be a URL' },
    { env: { POSTERN_URL: 'ftp://127.0.0.1' }, says: 'POSTERN_URL must begin with http:// or https://' },
    { env: { POSTERN_URL: 'http://a:b@127.0.0.1' }, says: 'POSTERN_URL must not carry a user name' },
    { env: { POSTERN_URL: 'http://control.example' }, says: 'POSTERN_URL would send the token in clear' },
    { env: { POSTERN_EDGE: '../x' }, says: 'POSTERN_EDGE must be 1 to 63 letters' },
    { env: { POSTERN_EDGE_ENROLMENT: 'short' }, says: 'POSTERN_EDGE_ENROLMENT must be at least 16 characters' },
    { env: { POSTERN_EDGE_TOKEN: 'short' }, says: 'POSTERN_EDGE_TOKEN must be at least 16 characters' },
    {
      env: { POSTERN_EDGE_PROGRAMS: 'gateway,dhcp' },
      says: 'POSTERN_EDGE_PROGRAMS must be some of gateway,dns,forwarder, not dhcp',
    },
    { env: { POSTERN_FORWARDER_KEY: 'ab' }, says: 'POSTERN_FORWARDER_KEY must be 32 bytes' },
    { env: { POSTERN_FORWARDER_KEY: '' }, says: 'POSTERN_FORWARDER_KEY is missing' },
    { env: { POSTERN_GATEWAY_HOST: '0.0.0.0' }, says: 'POSTERN_GATEWAY_HOST is 0.0.0.0, which is no loopback address' },
    { env: { POSTERN_GATEWAY_HOST: 'gateway.example' }, says: 'POSTERN_GATEWAY_HOST must be an IP address' },
    { env: { POSTERN_TRUSTED_PROXIES: '10.0.0.0' }, says: 'POSTERN_TRUSTED_PROXIES must be CIDRs' },
    { env: { POSTERN_TRUSTED_PROXIES: '10.0.0.0/33' }, says: 'POSTERN_TRUSTED_PROXIES must be CIDRs' },
    { env: { POSTERN_DNS_HOST: '192.168.0.1' }, says: 'POSTERN_DNS_HOST is 192.168.0.1, which is no loopback address' },
    { env: { POSTERN_DNS_PORT: '65536' }, says: 'POSTERN_DNS_PORT must be a port' },
    { env: { POSTERN_DNS_PORT: '-1' }, says: 'POSTERN_DNS_PORT must be a port' },
    { env: { POSTERN_GATEWAY_RELAY: 'maybe' }, says: 'POSTERN_GATEWAY_RELAY must be one of auto, yes, no' },
    { env: { POSTERN_LOG_LEVEL: 'loud' }, says: 'POSTERN_LOG_LEVEL must be one of fatal' },
    { env: { POSTERN_ALLOW_PLAIN_REMOTE: '1' }, says: 'POSTERN_ALLOW_PLAIN_REMOTE must be yes or no' },
  ] as const)('$says', ({ env, says }) => {
    const problems = problemsOf({ ...least, ...env })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(says)
  })

  test('all of it at once, and no value that may be secret', () => {
    const problems = problemsOf({
      POSTERN_EDGE_TOKEN: 'hush',
      POSTERN_FORWARDER_KEY: 'secret-key',
      POSTERN_DNS_PORT: 'x',
    })
    expect(problems.map((problem) => problem.split(' ')[0]).sort()).toEqual([
      'POSTERN_DNS_PORT',
      'POSTERN_EDGE_TOKEN',
      'POSTERN_FORWARDER_KEY',
      'POSTERN_URL',
    ])
    expect(problems.join()).not.toMatch(/hush|secret-key/)
  })
})

test('a forwarder alone may carry to a gateway elsewhere, by name', () => {
  const env = { ...least, POSTERN_EDGE_PROGRAMS: 'forwarder', POSTERN_GATEWAY_HOST: 'gateway.example' }
  expect(readEdgeConfig(env).gatewayHost).toBe('gateway.example')
})

test('a gateway with trusted ranges needs no key', () => {
  const env = { ...least, POSTERN_FORWARDER_KEY: undefined, POSTERN_TRUSTED_PROXIES: '10.0.0.0/8' }
  expect(readEdgeConfig(env).forwarderKey).toBeNull()
})

test('as many workers as cores, and no more than 64', () => {
  const { workers } = readEdgeConfig({ ...least, POSTERN_GATEWAY_WORKERS: 'auto' })
  expect(workers).toBe(Math.min(64, availableParallelism()))
  for (const POSTERN_GATEWAY_WORKERS of ['0', '65', '-1', '1.5', 'all'])
    expect(problemsOf({ ...least, POSTERN_GATEWAY_WORKERS })).toEqual([
      'POSTERN_GATEWAY_WORKERS must be auto or a whole number from 1 to 64',
    ])
})
