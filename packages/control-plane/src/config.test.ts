import { type Environment, EnvironmentError } from '@postern/contract/environment'
import { describe, expect, test } from 'vitest'
import { readServerConfig } from './config.ts'

const least: Environment = { POSTERN_HOME: '/home/of/postern' }

const problemsOf = (over: Environment): readonly string[] => {
  try {
    readServerConfig({ ...least, POSTERN_EDGE_TOKEN: 'a-token-of-edges', ...over })
    return []
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems
    throw error
  }
}

test('the least environment is enough, and listens on loopback alone', () => {
  expect(readServerConfig({ POSTERN_EDGE_TOKEN: 'a-token-of-edges', POSTERN_HOME: '/home/of/postern' })).toMatchObject({
    home: '/home/of/postern',
    databaseUrl: null,
    host: '127.0.0.1',
    alsoHost: '::1',
    port: 8080,
    httpsPort: null,
    tls: null,
    publicUrl: null,
    hosts: [],
    sealKey: null,
    logLevel: 'info',
    expectSeed: false,
    settings: {
      domain: 'postern.internal',
      localProvisionMs: 300,
      fidelity: 'postern',
      fidelityDelayMs: 300,
      unknownEndpoints: 'reject',
      bind: null,
      advertise: null,
      sandbox: null,
      lastEndpointTakesService: true,
      undoWindowMs: 86_400_000,
    },
  })
})

describe('a variable that is wrong is named', () => {
  test.each<[string, string]>([
    ['POSTERN_PORT', '70000'],
    ['POSTERN_PORT', '80a'],
    ['POSTERN_HTTPS_PORT', 'yes'],
    ['POSTERN_HOST', 'example.com'],
    ['POSTERN_PUBLIC_URL', 'example.com'],
    ['POSTERN_PUBLIC_URL', 'https://user:pw@example.com'],
    ['POSTERN_DATABASE_URL', 'mysql://db'],
    ['POSTERN_DOMAIN', 'two words'],
    ['POSTERN_GATEWAY_PORTS', '15000'],
    ['POSTERN_GATEWAY_PORTS', '16000-15000'],
    ['POSTERN_LOCAL_PROVISION_MS', '-1'],
    ['POSTERN_LOCAL_ADDRESSES', 'mine'],
    ['POSTERN_UNKNOWN_ENDPOINTS', 'ignore'],
    ['POSTERN_FIDELITY', 'Atlas'],
    ['POSTERN_FIDELITY_DELAY_MS', '-1'],
    ['POSTERN_UNDO_MINUTES', 'a day'],
    ['POSTERN_LOG_LEVEL', 'loud'],
    ['POSTERN_SEAL_KEY', 'hunter2'],
    ['POSTERN_EDGE_TOKEN', 'short'],
    ['POSTERN_EXPECT_SEED', 'true'],
    ['POSTERN_BIND', 'everywhere'],
    ['POSTERN_ADVERTISE', 'not a host'],
    ['POSTERN_HOSTS', 'host.docker.internal, not a host'],
    ['POSTERN_HOSTS', 'example.com:8080'],
  ])('%s=%s', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name} `))])
  })

  test('and its value is not repeated where it may be a secret', () => {
    const said = problemsOf({
      POSTERN_DATABASE_URL: 'mysql://u:hunter2@db',
      POSTERN_SEAL_KEY: 'hunter2',
      POSTERN_EDGE_TOKEN: 'hunter2',
      POSTERN_SANDBOX_TOKEN: 'hunter2',
    })
    expect(said.length).toBeGreaterThan(3)
    expect(said.join('\n')).not.toContain('hunter2')
  })

  test('all of them at once', () => {
    expect(problemsOf({ POSTERN_PORT: 'x', POSTERN_LOG_LEVEL: 'y' })).toHaveLength(2)
  })
})

describe('another address than loopback', () => {
  test.each([
    { says: 'is refused without TLS', over: { POSTERN_HOST: '10.0.0.5' }, names: ['POSTERN_HOST'] },
    {
      says: 'is allowed by name',
      over: { POSTERN_HOST: '10.0.0.5', POSTERN_ALLOW_PLAIN_REMOTE: 'yes' },
      names: [],
    },
    {
      says: 'is allowed with TLS',
      over: { POSTERN_HOST: '10.0.0.5', POSTERN_TLS_CERT: 'c.pem', POSTERN_TLS_KEY: 'k.pem' },
      names: [],
    },
    {
      says: 'that is every address needs a name to be called by',
      over: { POSTERN_HOST: '0.0.0.0', POSTERN_ALLOW_PLAIN_REMOTE: 'yes' },
      names: ['POSTERN_PUBLIC_URL'],
    },
    {
      says: 'has no second port for https',
      over: { POSTERN_HOST: '10.0.0.5', POSTERN_ALLOW_PLAIN_REMOTE: 'yes', POSTERN_HTTPS_PORT: '8443' },
      names: ['POSTERN_HTTPS_PORT'],
    },
    { says: 'is no matter on ::1', over: { POSTERN_HOST: '::1' }, names: [] },
  ])('$says', ({ over, names }) => {
    expect(problemsOf(over).map((problem) => problem.split(' ')[0])).toEqual(names)
  })
})

test.each([
  { one: 'POSTERN_TLS_CERT', other: 'POSTERN_TLS_KEY', value: 'c.pem' },
  { one: 'POSTERN_TLS_KEY', other: 'POSTERN_TLS_CERT', value: 'k.pem' },
  { one: 'POSTERN_SANDBOX_URL', other: 'POSTERN_SANDBOX_TOKEN', value: 'http://127.0.0.1:1' },
  { one: 'POSTERN_SANDBOX_TOKEN', other: 'POSTERN_SANDBOX_URL', value: '0123456789abcdef' },
])('$one alone asks for $other', ({ one, other, value }) => {
  expect(problemsOf({ [one]: value })).toEqual([`${other} is missing: ${one} is set`])
})

test.each([
  { says: 'localhost means both loopbacks', host: 'localhost', also: '::1' },
  { says: 'an address means that one alone', host: '127.0.0.1', also: null },
])('$says', ({ host, also }) => {
  const env = { POSTERN_EDGE_TOKEN: 'a-token-of-edges', POSTERN_HOST: host, POSTERN_HTTPS_PORT: '8443' }
  expect(readServerConfig(env)).toMatchObject({ host: '127.0.0.1', alsoHost: also, httpsPort: 8443 })
})

test('further hosts are a list, in lower case', () => {
  const env = { POSTERN_EDGE_TOKEN: 'a-token-of-edges', POSTERN_HOSTS: 'Host.Docker.Internal, 192.0.2.7,' }
  expect(readServerConfig(env).hosts).toEqual(['host.docker.internal', '192.0.2.7'])
})
