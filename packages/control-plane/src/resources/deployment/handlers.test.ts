// A deployment of the user's own: how it is found and shown, whose users are made on it, and what is refused.

import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { createServer } from 'node:net'
import * as x509 from '@peculiar/x509'
import { MongoClient } from 'mongodb'
import { describe, expect, test, vi } from 'vitest'
import {
  admin,
  api,
  type Body,
  base,
  cluster,
  dba,
  door,
  makeOwn,
  on,
  own,
  register,
} from './own-deployment.testing.ts'

describe("a deployment of the user's own", () => {
  test('is found whole from one seed, and stands among the clusters', async () => {
    const made = await register()
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      type: 'MONGOD',
      setName: 'own-set',
      stateName: 'IDLE',
      usersManaged: false,
      usersNotManagedReason: expect.stringContaining('no administrator was given'),
    })
    const { members } = made.body as { members: { hostPort: string; role: string }[] }
    expect(members.map(({ hostPort }) => hostPort).toSorted()).toEqual(own.hosts.toSorted())
    expect(members.map(({ role }) => role).toSorted()).toEqual(['primary', 'secondary', 'secondary'])

    const { body } = await cluster()
    expect(body).toMatchObject({
      clusterType: 'REPLICASET',
      stateName: 'IDLE',
      replicationSpecs: [
        { regionConfigs: [{ providerName: 'AWS', regionName: 'EU_WEST_1', electableSpecs: { nodeCount: 3 } }] },
      ],
    })
    const { standard } = (body as { connectionStrings: { standard: string } }).connectionStrings
    expect(standard).toMatch(/\/\?authSource=admin&replicaSet=own-set$/)
  })

  test('is listed apart from the clusters that were made here', async () => {
    const list = () => api.ask({ method: 'GET', path: base() })
    expect(await list()).toMatchObject({ status: 200, body: { results: [], totalCount: 0 } })
    await register()
    await register({ name: 'Managed', ...admin })
    const seen = { type: 'MONGOD', setName: 'own-set', stateName: 'IDLE' }
    const why = expect.stringContaining('nobody was given')
    const { body } = await list()
    expect(body).toMatchObject({
      results: [
        { name: 'Mine', usersManaged: false, hiddenMembersUnknownReason: why, ...seen },
        { name: 'Managed', usersManaged: true, hiddenMembersUnknownReason: null, ...seen },
      ],
      totalCount: 2,
    })
    expect(JSON.stringify(body)).not.toContain(dba.password)
  })

  test('is checked without being registered: what it is, or what is in the way', async () => {
    const check = (more: Body = {}) =>
      api.ask({
        method: 'POST',
        path: `${base()}:check`,
        body: {
          name: 'Mine',
          connectionString: `mongodb://${own.hosts[0]}`,
          provider: 'AWS',
          region: 'eu-west-1',
          ...more,
        },
      })
    const { status, body } = await check(admin)
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { possible: true, deployment: { type: 'MONGOD', setName: 'own-set', usersManaged: true } },
    })
    expect((body as { deployment: { members: object[] } }).deployment.members).toHaveLength(3)
    expect((await cluster()).status).toBe(404)
    expect(await check({ connectionString: 'mongodb://127.0.0.1:1' })).toMatchObject({
      status: 200,
      body: { possible: false, deployment: null, blockers: [{ errorCode: 'POSTERN_DEPLOYMENT_UNREACHABLE' }] },
    })
    await register()
    expect(await check()).toMatchObject({ body: { blockers: [{ errorCode: 'DUPLICATE_CLUSTER_NAME' }] } })
  })

  test('a seed by name is looked up, and its members are known by their own addresses', async () => {
    const made = await register({ connectionString: `mongodb://${own.hosts[0]?.replace('127.0.0.1', 'localhost')}` })
    const { members } = made.body as { members: { hostPort: string }[] }
    expect(members.map(({ hostPort }) => hostPort).toSorted()).toEqual(own.hosts.toSorted())
  })

  test('with its administrator, database users are made on it', async () => {
    expect((await register(admin)).body).toMatchObject({ usersManaged: true, usersNotManagedReason: null })
    const path = `/api/atlas/v2/groups/${api.groupId}/databaseUsers`
    const user = { username: 'ada', password: 'of ada alone', roles: [{ roleName: 'read', databaseName: 'shop' }] }
    expect((await api.ask({ method: 'POST', path, body: user })).status).toBe(201)
    const counts = async () => {
      const client = new MongoClient(`mongodb://${own.hosts.join(',')}/?replicaSet=own-set`, {
        auth: { username: 'ada', password: 'of ada alone' },
      })
      return client
        .db('shop')
        .collection('carts')
        .countDocuments()
        .finally(() => client.close())
    }
    await vi.waitFor(async () => expect(await counts()).toBe(0), { timeout: 30_000, interval: 100 })
    await api.ask({ method: 'DELETE', path: `${path}/admin/ada` })
  })

  test('credentials in the string are as good', async () => {
    const connectionString = `mongodb://dba:${encodeURIComponent(dba.password)}@${own.hosts[1]}/?authSource=admin`
    const made = await register({ connectionString })
    expect(made.body).toMatchObject({ usersManaged: true })
    const [row] = await on.store.read.selectFrom('cluster').selectAll().where('group_id', '=', api.groupId).execute()
    expect(JSON.stringify(row)).not.toContain('administrator of their own')
  })

  test("a database user by the administrator's name never takes it over", async () => {
    await register(admin)
    const path = `/api/atlas/v2/groups/${api.groupId}/databaseUsers`
    const user = {
      username: 'dba',
      password: 'a hostile password',
      roles: [{ roleName: 'read', databaseName: 'shop' }],
    }
    expect((await api.ask({ method: 'POST', path, body: user })).status).toBe(201)
    const problem = async () =>
      (await on.store.read.selectFrom('database_user').selectAll().where('group_id', '=', api.groupId).execute())[0]
        ?.error_message
    await expect.poll(problem).toMatch(/that of the administrator/)
    const client = new MongoClient(`mongodb://${own.hosts[0]}/?directConnection=true`, {
      auth: { username: dba.user, password: dba.password },
    })
    await client.db('admin').command({ usersInfo: 1 })
    await client.close()
  })

  test('one that may only look leaves users alone, and is not kept', async () => {
    const client = new MongoClient(`mongodb://${own.hosts.join(',')}/?replicaSet=own-set`, {
      auth: { username: dba.user, password: dba.password },
    })
    await client.db('admin').command({ createUser: 'looker', pwd: 'looks only', roles: ['readAnyDatabase'] })
    const made = await register({ username: 'looker', password: 'looks only' })
    await client.db('admin').command({ dropUser: 'looker' })
    await client.close()
    expect(made.body).toMatchObject({
      usersManaged: false,
      usersNotManagedReason: expect.stringContaining('may not manage users'),
    })
    const [row] = await on.store.read.selectFrom('cluster').selectAll().where('group_id', '=', api.groupId).execute()
    expect(api.parts.seal.open(row?.id ?? '', row?.access ?? '')).not.toContain('looks only')
  })

  test('a failover shows in its members', async () => {
    await register()
    const primary = async () =>
      (
        await on.store.read
          .selectFrom('member')
          .innerJoin('cluster', 'cluster.id', 'member.cluster_id')
          .select('member.host_port')
          .where('cluster.group_id', '=', api.groupId)
          .where('member.role', '=', 'primary')
          .execute()
      ).map(({ host_port }) => host_port)
    const before = await primary()
    await door('POST', `${own.id}/stepDown`, { seconds: 1, force: true })
    await expect
      .poll(async () => (await primary()).length === 1 && (await primary())[0] !== before[0], { timeout: 20_000 })
      .toBe(true)
  })

  test('over TLS, trusting the authority that was sent and no other', async () => {
    const { ca, key, cert } = await selfSigned()
    const secret = await makeOwn(1, { setName: 'secret-set', tls: { key, cert } })
    const connectionString = `mongodb://${secret.hosts[0]}/?tls=true`
    await expect
      .poll(async () => (await register({ connectionString, tls: { ca }, name: 'Secret' })).status, { timeout: 15_000 })
      .toBe(201)
    const { body } = await cluster('Secret')
    const { standard } = (body as { connectionStrings: { standard: string } }).connectionStrings
    expect(standard).toMatch(/\/\?ssl=true&authSource=admin&replicaSet=secret-set$/)
    const other = await register({ connectionString, tls: { ca: (await selfSigned()).ca }, name: 'Other' })
    expect(other).toMatchObject({ status: 400, body: { errorCode: 'POSTERN_DEPLOYMENT_UNREACHABLE' } })
    expect(other.text).toMatch(/self.signed|certificate/i)
  })
})

describe('what is refused, and nothing is stored', () => {
  test.each([
    { says: 'a bad name', more: { name: 'a b' }, code: 'CLUSTER_NAME_INVALID', said: /letters, digits/ },
    { says: 'an unknown cloud', more: { provider: 'IBM' }, code: 'INVALID_ATTRIBUTE', said: /provider/ },
    { says: "another cloud's region", more: { region: 'CENTRAL_US' }, code: 'INVALID_ATTRIBUTE', said: /region/ },
    {
      says: 'no string',
      more: { connectionString: 'db.example.com' },
      code: 'POSTERN_DEPLOYMENT_REFUSED',
      said: /connection string/,
    },
    {
      says: 'the metadata service',
      more: { connectionString: 'mongodb://169.254.169.254:80' },
      code: 'POSTERN_DEPLOYMENT_REFUSED',
      said: /link-local/,
    },
    {
      says: 'a user without a password',
      more: { username: 'x' },
      code: 'POSTERN_DEPLOYMENT_REFUSED',
      said: /needs a password/,
    },
    {
      says: 'a password without a user',
      more: { password: 'x' },
      code: 'POSTERN_DEPLOYMENT_REFUSED',
      said: /needs its user/,
    },
    {
      says: 'a wrong password',
      more: { username: 'dba', password: 'wrong' },
      code: 'POSTERN_DEPLOYMENT_REFUSED',
      said: /not taken: [^"]*[^."]\."/,
    },
    {
      says: 'TLS material for a string without TLS',
      more: { tls: { allowInvalidHostnames: true } },
      code: 'POSTERN_DEPLOYMENT_REFUSED',
      said: /tls=true/,
    },
    {
      says: 'a file as an authority',
      more: { tls: { ca: '/etc/ssl/cert.pem' } },
      code: 'INVALID_ATTRIBUTE',
      said: /PEM/,
    },
    {
      says: 'a key behind a passphrase',
      more: {
        tls: {
          key: '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n',
          certificate: 'x',
        },
      },
      code: 'INVALID_ATTRIBUTE',
      said: /is behind a passphrase: send it without one/,
    },
    { says: 'a field that is not known', more: { caFile: '/x' }, code: 'INVALID_ATTRIBUTE', said: /caFile/ },
  ])('$says', async ({ more, code, said }) => {
    const answer = await register(more)
    expect(answer).toMatchObject({ status: 400, body: { errorCode: code } })
    expect(answer.text).toMatch(said)
    expect(
      await on.store.read.selectFrom('cluster').select('id').where('group_id', '=', api.groupId).execute(),
    ).toEqual([])
  })

  test('another set than the string names', async () => {
    const answer = await register({ connectionString: `mongodb://${own.hosts[0]}/?replicaSet=other` })
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 'POSTERN_DEPLOYMENT_REFUSED' } })
    expect(answer.text).toContain('it is the set own-set, not other')
  })

  test('a port where nobody answers, with the reason', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((done) => server.once('listening', done))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    await new Promise((done) => server.close(done))
    const answer = await register({ connectionString: `mongodb://127.0.0.1:${port}` })
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 'POSTERN_DEPLOYMENT_UNREACHABLE' } })
    expect(answer.text).toMatch(/ECONNREFUSED/)
  })

  test('a second one of the name', async () => {
    await register()
    expect(await register()).toMatchObject({ status: 400, body: { errorCode: 'DUPLICATE_CLUSTER_NAME' } })
  })

  test('a second one of the same members, where both would make users; without an administrator it is taken', async () => {
    expect((await register(admin)).status).toBe(201)
    const answer = await register({ ...admin, name: 'Again', connectionString: `mongodb://${own.hosts[1]}` })
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 'POSTERN_DEPLOYMENT_REFUSED' } })
    expect(answer.text).toContain('belongs to the cluster Mine already')
    expect((await register({ name: 'Again' })).status).toBe(201)
  })

  test('somebody who owns the project but not the organization', async () => {
    const as = await api.newCaller('API_KEY', { org: ['ORG_MEMBER'], group: ['GROUP_OWNER'] })
    const body = { name: 'Mine', connectionString: `mongodb://${own.hosts[0]}`, provider: 'AWS', region: 'eu-west-1' }
    expect(await api.ask({ method: 'POST', path: base(), body, as })).toMatchObject({
      status: 403,
      body: { errorCode: 'USER_UNAUTHORIZED' },
    })
  })
})

/** An authority of its own and a certificate for 127.0.0.1, all PEM. */
const selfSigned = async (): Promise<{ readonly ca: string; readonly key: string; readonly cert: string }> => {
  x509.cryptoProvider.set(webcrypto)
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=own deployment',
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }]),
    ],
  })
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  const lines = pkcs8.toString('base64').match(/.{1,64}/g) ?? []
  const key = `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`
  const cert = certificate.toString('pem')
  return { ca: cert, key, cert }
}
