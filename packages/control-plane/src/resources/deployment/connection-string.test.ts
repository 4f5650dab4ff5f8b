import { AtlasError } from '@postern/contract/errors'
import { describe, expect, test } from 'vitest'
import { readDeploymentString } from './connection-string.ts'
import { resolveSrvString, type SrvLookup } from './srv.ts'

const plain = {
  hosts: ['db.example.com:27017'],
  srv: null,
  replicaSet: null,
  tls: false,
  authSource: 'admin',
  username: null,
  password: null,
}

/** Code and problem of what `work` throws. */
const refusal = async (work: () => unknown): Promise<string> => {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof AtlasError)) throw error
    return `${error.code} ${error.message}`
  }
  return 'taken'
}

describe("a deployment's string: what is taken", () => {
  test.each([
    { says: "a host without a port has MongoDB's", text: 'mongodb://db.example.com', is: {} },
    {
      says: 'hosts in lower case',
      text: 'mongodb://DB1.Example.com:1,db2:2/',
      is: { hosts: ['db1.example.com:1', 'db2:2'] },
    },
    { says: 'IPv6 in brackets', text: 'mongodb://[::1]:27018', is: { hosts: ['[::1]:27018'] } },
    { says: 'the set', text: 'mongodb://db.example.com/?replicaSet=rs0', is: { replicaSet: 'rs0' } },
    { says: 'tls', text: 'mongodb://db.example.com/?tls=true', is: { tls: true } },
    { says: 'ssl, its old name', text: 'mongodb://db.example.com/?ssl=true', is: { tls: true } },
    {
      says: 'options in any case',
      text: 'mongodb://db.example.com/?REPLICASET=rs0&TLS=true',
      is: { replicaSet: 'rs0', tls: true },
    },
    {
      says: 'credentials, decoded',
      text: 'mongodb://a%40b:p%3Aw@db.example.com',
      is: { username: 'a@b', password: 'p:w' },
    },
    { says: 'authSource', text: 'mongodb://db.example.com/?authSource=users', is: { authSource: 'users' } },
    {
      says: 'the database where authSource is not said',
      text: 'mongodb://db.example.com/shop',
      is: { authSource: 'shop' },
    },
    {
      says: "what is the client's own business, ignored",
      text: 'mongodb://db.example.com/?retryWrites=true&w=majority&appName=x&readPreference=secondary',
      is: {},
    },
  ])('$says', ({ text, is }) => expect(readDeploymentString(text)).toEqual({ ...plain, ...is }))

  test('an SRV string has TLS on, and no hosts yet', () => {
    expect(readDeploymentString('mongodb+srv://db.example.com')).toEqual({
      ...plain,
      hosts: [],
      srv: 'db.example.com',
      tls: true,
    })
  })
})

describe("a deployment's string: what is refused", () => {
  test.each([
    { says: 'something else', text: 'https://db.example.com', problem: /not a mongodb:/ },
    { says: 'no host', text: 'mongodb://', problem: /not a mongodb:/ },
    { says: 'a broken escape', text: 'mongodb://a%:b@db.example.com', problem: /not a mongodb:/ },
    {
      says: 'a file of certificates',
      text: 'mongodb://h/?tls=true&tlsCAFile=/etc/passwd',
      problem: /tlsCAFile is not taken: send the certificates/,
    },
    {
      says: 'a file with a key',
      text: 'mongodb://h/?tls=true&tlsCertificateKeyFile=/keys/key.pem',
      problem: /tlsCertificateKeyFile is not taken/,
    },
    { says: 'no verification', text: 'mongodb://h/?tls=true&tlsInsecure=true', problem: /tlsInsecure is not taken/ },
    { says: 'a proxy', text: 'mongodb://h/?proxyHost=10.0.0.1', problem: /proxyHost is not taken/ },
    {
      says: 'a mechanism that reads the environment',
      text: 'mongodb://h/?authMechanism=MONGODB-AWS',
      problem: /only SCRAM/,
    },
    {
      says: 'properties of a mechanism',
      text: 'mongodb://h/?authMechanismProperties=ENVIRONMENT:gcp',
      problem: /authMechanismProperties is not taken/,
    },
    { says: 'a load balancer', text: 'mongodb://h/?loadBalanced=true', problem: /loadBalanced is not taken/ },
    { says: 'a Unix socket', text: 'mongodb://%2Ftmp%2Fmongodb-27017.sock', problem: /Unix socket/ },
    { says: 'the metadata address', text: 'mongodb://169.254.169.254:80', problem: /link-local or metadata/ },
    { says: 'any IPv4 link-local address', text: 'mongodb://169.254.0.1', problem: /link-local/ },
    { says: 'the same inside IPv6', text: 'mongodb://[::ffff:169.254.169.254]:80', problem: /link-local/ },
    { says: 'an IPv6 link-local address', text: 'mongodb://[fe80::1]:27017', problem: /link-local/ },
    { says: 'a metadata service by name', text: 'mongodb://Metadata.Google.Internal:80', problem: /metadata service/ },
    { says: 'one bad host among good ones', text: 'mongodb://db.example.com,169.254.169.254', problem: /link-local/ },
    { says: 'tls and ssl that disagree', text: 'mongodb://h/?tls=true&ssl=false', problem: /agree|not a mongodb:/ },
  ])('$says', async ({ text, problem }) => {
    const said = await refusal(() => readDeploymentString(text))
    expect(said).toMatch(/^POSTERN_DEPLOYMENT_REFUSED/)
    expect(said).toMatch(problem)
  })

  test('a refusal never repeats a password', async () => {
    expect(await refusal(() => readDeploymentString('mongodb://u:secret@h/?tlsCAFile=x'))).not.toContain('secret')
    expect(await refusal(() => readDeploymentString('mongo://u:secret@h'))).not.toContain('secret')
  })
})

describe('mongodb+srv', () => {
  const dns = (names: readonly string[], txt: readonly (readonly string[])[] = []): SrvLookup => ({
    resolveSrv: async () => names.map((name) => ({ name, port: 27017 })),
    resolveTxt: async () => txt,
  })
  const string = readDeploymentString('mongodb+srv://db.example.com')

  test('hosts from SRV, options from TXT', async () => {
    const found = await resolveSrvString(
      string,
      dns(['a.example.com', 'B.example.com.'], [['authSource=users&', 'replicaSet=rs0']]),
    )
    expect(found).toMatchObject({
      hosts: ['a.example.com:27017', 'b.example.com:27017'],
      authSource: 'users',
      replicaSet: 'rs0',
      tls: true,
    })
  })

  test('what the string says beats TXT', async () => {
    const own = readDeploymentString('mongodb+srv://db.example.com/?replicaSet=mine')
    expect((await resolveSrvString(own, dns(['a.example.com'], [['replicaSet=rs0']]))).replicaSet).toBe('mine')
  })

  test('a string without SRV is as it was', async () => {
    const own = readDeploymentString('mongodb://db.example.com')
    expect(await resolveSrvString(own, dns([]))).toBe(own)
  })

  test.each([
    { says: 'a target in another domain', names: ['a.example.org'], txt: [], problem: /out of its domain/ },
    { says: 'a target whose name only ends alike', names: ['evilexample.com'], txt: [], problem: /out of its domain/ },
    {
      says: 'a TXT option off the list',
      names: ['a.example.com'],
      txt: [['tlsInsecure=true']],
      problem: /may not say tlsInsecure/,
    },
    { says: 'two TXT records', names: ['a.example.com'], txt: [['a'], ['b']], problem: /more than one/ },
  ])('$says is refused', async ({ names, txt, problem }) => {
    expect(await refusal(() => resolveSrvString(string, dns(names, txt)))).toMatch(problem)
  })

  test('a name without records is refused with what DNS said', async () => {
    const nothing: SrvLookup = {
      resolveSrv: async () => Promise.reject(Object.assign(new Error('nothing'), { code: 'ENOTFOUND' })),
      resolveTxt: async () => [],
    }
    expect(await refusal(() => resolveSrvString(string, nothing))).toMatch(/cannot be found \(ENOTFOUND\)/)
  })
})
