// What official clients send and rely on, replayed over a real port: one row a fact, found in their sources. The whole
// control plane runs, with the sandbox as the deployment. What one unit decides alone is tested beside that unit.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newPrivateKey, newPublicKey } from '../identity/keys.ts'
import { seedIdentities } from '../identity/seed.ts'
import { type Listening, listen } from '../listen.ts'
import { startWhole, type Whole } from './whole.testing.ts'
import { type Received, type Sent, type WireClient, wireClient } from './wire-client.testing.ts'

let whole: Whole
let listening: Listening
let wire: WireClient
let key: { readonly publicKey: string; readonly privateKey: string }
const account = { id: `mdb_sa_id_${'a'.repeat(24)}`, secret: `mdb_sa_sk_${'b'.repeat(30)}-_${'c'.repeat(8)}` }
/** What stands in braces in a row. */
const real: Record<string, string> = {}

// biome-ignore lint/suspicious/noExplicitAny: a JSON body as it came; each row says what it expects of it.
type Body = any

beforeAll(async () => {
  whole = await startWhole({ publicUrl: () => listening?.url ?? 'http://127.0.0.1' })
  const { parts, http } = whole.api
  key = { publicKey: newPublicKey(parts.ids), privateKey: newPrivateKey(parts.ids) }
  const { orgId, groupId } = await seedIdentities(parts, {
    ...key,
    orgName: 'Organization0',
    groupName: 'Project0',
    ownerEmail: 'owner@example.com',
    ownerPassword: 'correct-horse-battery',
    clientId: account.id,
    clientSecret: account.secret,
  })
  listening = await listen(http.fetch, { host: '127.0.0.1', port: 0, tls: null })
  wire = wireClient(Number(new URL(listening.url).port), key)
  Object.assign(real, { org: orgId, group: groupId, basic: btoa(`${account.id}:${account.secret}`) })
  const token = await wire.send(placed(tokenRequest))
  real.token = (JSON.parse(token.text) as Body).access_token
})
afterAll(async () => {
  wire?.close()
  await listening?.close(0)
  await whole?.close()
})

const placed = <Value>(value: Value): Value =>
  JSON.parse(JSON.stringify(value).replace(/\{(\w+)\}/g, (braces, name: string) => real[name] ?? braces)) as Value

const v2 = '/api/atlas/v2'
const g = `${v2}/groups/{group}`
const vnd = (date: string) => `application/vnd.atlas.${date}+json`
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const tokenRequest: Sent = {
  method: 'POST',
  path: '/api/oauth/token',
  headers: { ...form, authorization: 'Basic {basic}' },
  body: 'grant_type=client_credentials',
}
const bearer = { authorization: 'Bearer {token}' }

/** As the Atlas CLI, the Terraform provider and the operator send: the Go SDK's headers. */
const go = (method: string, path: string, version = '2023-01-01', body?: object): Sent => ({
  method,
  path,
  headers: {
    'user-agent': 'atlascli/1.50.0 (linux;amd64;native)',
    accept: vnd(version),
    'accept-encoding': 'gzip',
    ...(body !== undefined && { 'content-type': vnd(version) }),
  },
  ...(body !== undefined && { body: JSON.stringify(body) }),
})
/** As the MCP server sends: one date for everything, plain JSON, a bearer token. */
const mcp = (method: string, path: string, body?: object): Sent => ({
  method,
  path,
  headers: { ...bearer, accept: vnd('2025-03-12'), ...(body !== undefined && { 'content-type': 'application/json' }) },
  ...(body !== undefined && { body: JSON.stringify(body) }),
})

interface Fact {
  readonly says: string
  readonly sent: Sent
  /** Without a bearer token in its headers it goes by digest, unless nobody sends it. */
  readonly by?: 'nobody'
  readonly status: number
  readonly type?: string
  readonly headers?: object
  /** Must match the body as JSON. */
  readonly body?: Body
  readonly text?: string | RegExp
}

const perform = (sent: Sent, by?: 'nobody'): Promise<Received> => {
  const request = placed(sent)
  return by === 'nobody' || request.headers?.authorization !== undefined ? wire.send(request) : wire.byDigest(request)
}

const holds = ({ says, sent, by, status, type, headers, body, text }: Fact) =>
  test(says, async () => {
    const answer = await perform(sent, by)
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status })
    if (type !== undefined) expect(answer.headers['content-type']).toBe(type)
    if (headers !== undefined) expect(answer.headers).toMatchObject(headers)
    if (body !== undefined) expect(JSON.parse(answer.text)).toEqual(placedMatch(body))
    if (text !== undefined) expect(answer.text).toEqual(typeof text === 'string' ? text : expect.stringMatching(text))
  })

/** Objects match by what they name; arrays and values whole. */
const placedMatch = (body: Body): Body => {
  if (typeof body === 'string') return placed(body)
  if (typeof body !== 'object' || body === null || 'asymmetricMatch' in body) return body
  if (Array.isArray(body)) return body.map(placedMatch)
  return expect.objectContaining(
    Object.fromEntries(Object.entries(body).map(([name, each]) => [name, placedMatch(each)])),
  )
}

const of20230101 = `${vnd('2023-01-01')};charset=utf-8`
const aText = expect.any(String)
const page = (results: Body, totalCount: Body = expect.any(Number)) => ({
  links: expect.any(Array),
  results,
  totalCount,
})

describe('who calls', () => {
  const facts: readonly Fact[] = [
    {
      says: 'a 401 has the four recorded fields in their order, which the CLI takes for "log in"',
      sent: go('GET', `${v2}/orgs`),
      by: 'nobody',
      status: 401,
      text: '{"error":401,"reason":"Unauthorized","detail":"You are not authorized for this resource.","errorCode":"UNEXPECTED_ERROR"}',
    },
    {
      says: 'a token is asked for with Basic as it is, by a form, and lives far longer than ten minutes',
      sent: tokenRequest,
      by: 'nobody',
      status: 200,
      body: { access_token: aText, token_type: 'Bearer', expires_in: 3600 },
    },
    {
      says: 'the address of tokens may begin with two slashes: a base URL with one at its end is glued to it',
      sent: { ...tokenRequest, path: '//api/oauth/token' },
      by: 'nobody',
      status: 200,
    },
    {
      says: 'wrong credentials of a service account are `invalid_client`, the one word that the CLI reads',
      sent: { ...tokenRequest, headers: { ...form, authorization: `Basic ${btoa('mdb_sa_id_x:mdb_sa_sk_x')}` } },
      by: 'nobody',
      status: 401,
      body: { error: 'invalid_client' },
    },
    {
      says: 'a token is revoked with its kind named, as the Go client does at its end',
      sent: {
        ...tokenRequest,
        path: '/api/oauth/revoke',
        body: 'token=never-was&token_type_hint=access_token',
      },
      by: 'nobody',
      status: 200,
    },
    {
      says: 'a token that is none is challenged like nobody',
      sent: { ...go('GET', `${v2}/orgs`), headers: { authorization: 'Bearer x' } },
      status: 401,
      body: { errorCode: 'UNEXPECTED_ERROR' },
    },
    {
      says: 'log-in: organizations are asked for with an empty name, and counted',
      sent: go('GET', `${v2}/orgs?itemsPerPage=50&name=`),
      status: 200,
      type: of20230101,
      body: page([{ id: '{org}', name: 'Organization0' }], 1),
    },
    {
      says: 'log-in: its projects are listed under the organization, and counted',
      sent: go('GET', `${v2}/orgs/{org}/groups?itemsPerPage=50`),
      status: 200,
      body: page([{ id: '{group}' }], 1),
    },
    {
      says: 'log-in of people through a browser is not here: an unknown path in the form that the CLI reads',
      sent: {
        method: 'POST',
        path: '/api/private/unauth/account/device/authorize',
        headers: form,
        body: 'client_id=x',
      },
      by: 'nobody',
      status: 404,
      headers: { 'x-error-code': 'RESOURCE_NOT_FOUND' },
      body: { error: 404, errorCode: 'RESOURCE_NOT_FOUND' },
    },
    {
      says: 'telemetry finds no door, and clients go on',
      sent: {
        method: 'POST',
        path: '/api/private/unauth/telemetry/events',
        headers: { 'content-type': 'application/json' },
        body: '[]',
      },
      by: 'nobody',
      status: 404,
      body: { errorCode: 'RESOURCE_NOT_FOUND' },
    },
    {
      says: 'the address of the caller is told by digest, plain JSON being asked for',
      sent: { method: 'GET', path: '/api/private/ipinfo', headers: { accept: 'application/json' } },
      status: 200,
      type: 'application/json',
      body: { currentIpv4Address: '127.0.0.1' },
    },
    {
      says: 'the default major version is plain text for anybody',
      sent: go('GET', '/api/private/unauth/nds/defaultMongoDBMajorVersion'),
      by: 'nobody',
      status: 200,
      headers: { 'content-type': expect.stringMatching(/^text\/plain/) },
      text: '8.0',
    },
  ]
  for (const fact of facts) holds(fact)

  test('one challenge comes, digest alone, byte for byte as the Go client splits it', async () => {
    const { challenges } = await wire.send(go('GET', `${v2}/orgs`))
    expect(challenges).toEqual([
      expect.stringMatching(
        /^Digest realm="MMS Public API", domain="", nonce="[A-Za-z0-9+/=]{32}", algorithm=MD5, qop="auth", stale=false$/,
      ),
    ])
  })
  test("digest's first leg carries the body and does nothing", async () => {
    const made = go('POST', `${v2}/groups`, '2023-01-01', { name: 'Never', orgId: '{org}' })
    expect((await wire.send(placed(made))).status).toBe(401)
    const groups = await perform(go('GET', `${v2}/groups`))
    expect(groups.text).not.toContain('Never')
  })
})

describe('projects', () => {
  const facts: readonly Fact[] = [
    {
      says: 'a project is made with an empty owner in the query, as the CLI always sends it',
      sent: go('POST', `${v2}/groups?projectOwnerId=`, '2023-01-01', { name: 'Made', orgId: '{org}' }),
      status: 201,
      body: { name: 'Made', orgId: '{org}', clusterCount: 0 },
    },
    {
      says: 'lists echo what was asked for in their own link',
      sent: go('GET', `${v2}/groups?includeCount=true&itemsPerPage=100&pageNum=1`),
      status: 200,
      body: {
        links: [{ rel: 'self', href: expect.stringContaining('/groups?includeCount=true&pageNum=1&itemsPerPage=100') }],
        totalCount: 2,
      },
    },
    {
      says: 'without a count totalCount is 0, never absent',
      sent: mcp('GET', `${v2}/groups?itemsPerPage=10&pageNum=1&includeCount=false`),
      status: 200,
      body: { totalCount: 0 },
    },
    {
      says: 'a page beyond the last is empty: loops over pageNum end there',
      sent: go('GET', `${v2}/groups?itemsPerPage=100&pageNum=2`),
      status: 200,
      body: page([]),
    },
    {
      says: 'envelope wraps what is described, for clients that ask under v1.0',
      sent: { method: 'GET', path: '/api/atlas/v1.0/groups/{group}?envelope=true&pretty=true' },
      status: 200,
      type: 'application/json',
      text: /^\{\n {2}"status": 200,\n {2}"content": \{/,
    },
    {
      says: 'a project that is not there: Atlas names its id as the one parameter',
      sent: go('GET', `${v2}/groups/${'1'.repeat(24)}`),
      status: 404,
      type: 'application/json',
      headers: { 'x-error-code': 'GROUP_NOT_FOUND' },
      text: `{"detail":"No group with ID ${'1'.repeat(24)} exists.","error":404,"errorCode":"GROUP_NOT_FOUND","parameters":["${'1'.repeat(24)}"],"reason":"Not Found"}`,
    },
    { says: 'Terraform: settings', sent: go('GET', `${g}/settings`), status: 200, type: of20230101 },
    { says: 'Terraform: limits are a bare list', sent: go('GET', `${g}/limits`), status: 200, text: /^\[\{/ },
    { says: 'Terraform: teams are counted', sent: go('GET', `${g}/teams`), status: 200, body: page([], 0) },
    {
      says: 'Terraform: addresses are there though there are none',
      sent: go('GET', `${g}/ipAddresses`),
      status: 200,
      body: { groupId: '{group}', services: { clusters: [] } },
    },
    {
      says: 'Terraform: managedSlowMs is JSON of one word',
      sent: go('GET', `${g}/managedSlowMs`),
      status: 200,
      text: 'true',
    },
    {
      says: 'Terraform: turning managedSlowMs off and on answers nothing at all',
      sent: go('DELETE', `${g}/managedSlowMs/disable`),
      status: 204,
      text: '',
    },
    {
      says: 'Terraform: people of a project in the version of 2025-02-19',
      sent: go('GET', `${g}/users`, '2025-02-19'),
      status: 200,
      type: `${vnd('2025-02-19')};charset=utf-8`,
      body: page([{ username: 'owner@example.com' }], 1),
    },
  ]
  for (const fact of facts) holds(fact)
})

describe('access lists and database users', () => {
  const dn = 'CN=app,OU=eng'
  const facts: readonly Fact[] = [
    {
      says: 'adding to the access list answers the whole list, a page of it',
      sent: go('POST', `${g}/accessList`, '2023-01-01', [{ cidrBlock: '10.1.0.0/16', comment: 'Terraform' }]),
      status: 201,
      body: page([{ cidrBlock: '10.1.0.0/16' }], 1),
    },
    {
      says: 'the MCP server names the project in every entry, in plain JSON, by a date that the list has not',
      sent: mcp('POST', `${g}/accessList`, [{ groupId: '{group}', ipAddress: '192.0.2.7', comment: 'mcp' }]),
      status: 201,
      type: of20230101,
    },
    {
      says: 'a block in the path has its slash encoded',
      sent: go('GET', `${g}/accessList/10.1.0.0%2F16`),
      status: 200,
      body: { cidrBlock: '10.1.0.0/16', groupId: '{group}' },
    },
    {
      says: 'it is deleted with nothing to read',
      sent: go('DELETE', `${g}/accessList/10.1.0.0%2F16`),
      status: 204,
      text: '',
    },
    {
      says: 'and is 404 from then on, which Terraform waits for',
      sent: go('GET', `${g}/accessList/10.1.0.0%2F16`),
      status: 404,
      body: { error: 404, errorCode: aText },
    },
    {
      says: 'a user may end at a time with an offset, is told it in UTC, and never its password',
      sent: go('POST', `${g}/databaseUsers`, '2023-01-01', {
        databaseName: 'admin',
        username: 'temporary',
        password: 'correct-horse-battery',
        deleteAfterDate: new Date(Date.now() + 86_400_000).toISOString().replace(/T.*/, 'T12:00:00+02:00'),
        roles: [{ roleName: 'readWrite', databaseName: 'shop' }],
        scopes: [],
        labels: [],
      }),
      status: 201,
      text: /^(?!.*correct-horse).*"deleteAfterDate":"[\d-]+T10:00:00Z"/,
    },
    {
      says: 'the MCP server names every kind of authentication as NONE',
      sent: mcp('POST', `${g}/databaseUsers`, {
        databaseName: 'admin',
        groupId: '{group}',
        username: 'mcpUser1',
        password: 'correct-horse-battery',
        awsIAMType: 'NONE',
        ldapAuthType: 'NONE',
        oidcAuthType: 'NONE',
        x509Type: 'NONE',
        roles: [{ roleName: 'readAnyDatabase', databaseName: 'admin' }],
      }),
      status: 201,
      body: { username: 'mcpUser1', x509Type: 'NONE' },
    },
    {
      says: 'an X.509 user is made by its distinguished name',
      sent: go('POST', `${g}/databaseUsers`, '2023-01-01', {
        databaseName: '$external',
        username: dn,
        x509Type: 'CUSTOMER',
        roles: [{ roleName: 'read', databaseName: 'shop' }],
      }),
      status: 201,
      body: { databaseName: '$external', username: dn },
    },
    {
      says: 'and is found by it, encoded',
      sent: go('GET', `${g}/databaseUsers/$external/${encodeURIComponent(dn)}`),
      status: 200,
      body: { username: dn },
    },
    {
      says: 'a database user is deleted with nothing to read',
      sent: go('DELETE', `${g}/databaseUsers/admin/mcpUser1`),
      status: 204,
      text: '',
    },
  ]
  for (const fact of facts) holds(fact)
})

describe('private endpoints', () => {
  const services = `${g}/privateEndpoint`
  const one = `${services}/AWS/endpointService/{service}`
  const dummy = 'vpce-11111111111111111'
  const until = (says: string, sent: Sent, is: (body: Body) => boolean) =>
    test(says, async () => {
      await expect
        .poll(async () => is(JSON.parse((await perform(sent)).text)), { timeout: 30_000, interval: 50 })
        .toBe(true)
    })

  test('the CLI gives the region as it was typed, and reads it in the form of Atlas', async () => {
    const sent = go('POST', `${services}/endpointService`, '2023-01-01', { providerName: 'AWS', region: 'eu-west-1' })
    const { status, text } = await perform(sent)
    expect([status, JSON.parse(text)]).toMatchObject([201, { regionName: 'EU_WEST_1', status: 'INITIATING' }])
    real.service = JSON.parse(text).id
  })
  until('its watch ends at AVAILABLE', go('GET', one), ({ status }) => status === 'AVAILABLE')

  const facts: readonly Fact[] = [
    {
      says: 'the list is bare, without paging, and the operator finds its region there letter by letter',
      sent: go('GET', `${services}/AWS/endpointService`),
      status: 200,
      type: of20230101,
      body: [{ id: '{service}', regionName: 'EU_WEST_1', errorMessage: null }],
    },
    {
      says: 'Terraform imports by v1.0 in plain JSON',
      sent: { ...go('GET', one.replace('/v2/', '/v1.0/')), headers: { accept: 'application/json' } },
      status: 200,
      type: 'application/json',
      body: { id: '{service}', endpointServiceName: aText, interfaceEndpoints: [] },
    },
    {
      says: 'Terraform changes remote regions at a path without the provider',
      sent: go('PATCH', `${services}/endpointService/{service}`, '2023-01-01', {
        cloudProvider: 'AWS',
        supportedRemoteRegions: ['US_EAST_1'],
      }),
      status: 200,
    },
    {
      says: 'an endpoint is attached by 201',
      sent: go('POST', `${one}/endpoint`, '2023-01-01', { id: dummy }),
      status: 201,
      body: { interfaceEndpointId: dummy, connectionStatus: expect.stringMatching(/PENDING|REJECTED/) },
    },
    {
      says: 'the operator knows by this one code that a service is gone',
      sent: go('GET', `${services}/AWS/endpointService/${'1'.repeat(24)}`),
      status: 404,
      headers: { 'x-error-code': 'PRIVATE_ENDPOINT_SERVICE_NOT_FOUND' },
      body: { errorCode: 'PRIVATE_ENDPOINT_SERVICE_NOT_FOUND' },
    },
    {
      says: 'and by the same that an endpoint is',
      sent: go('GET', `${one}/endpoint/vpce-22222222222222222`),
      status: 404,
      headers: { 'x-error-code': 'PRIVATE_ENDPOINT_SERVICE_NOT_FOUND' },
      body: { errorCode: 'PRIVATE_ENDPOINT_SERVICE_NOT_FOUND', detail: expect.stringContaining('vpce-2222') },
    },
    {
      says: 'the CLI may leave the service out of a path; two slashes in it lead nowhere',
      sent: go('DELETE', `${services}/AWS/endpointService//endpoint/${dummy}`),
      status: 404,
      body: { errorCode: 'RESOURCE_NOT_FOUND' },
    },
    {
      says: 'regional mode is turned by 202',
      sent: go('PATCH', `${services}/regionalMode`, '2023-01-01', { enabled: false }),
      status: 202,
      body: { enabled: false },
    },
  ]
  for (const fact of facts) holds(fact)

  until(
    'an endpoint that its cloud does not know is REJECTED with a sentence',
    go('GET', `${one}/endpoint/${dummy}`),
    ({ connectionStatus, errorMessage }) => connectionStatus === 'REJECTED' && errorMessage.includes(dummy),
  )

  const gone = async (path: string): Promise<void> => {
    const deleted = await perform(go('DELETE', path))
    expect([deleted.status, deleted.text]).toEqual([202, '{}'])
    const look = async () => {
      const { status, text } = await perform(go('GET', path))
      const body = JSON.parse(text) as Body
      return status === 404 ? 'gone' : (body.connectionStatus ?? body.status)
    }
    expect(['gone', 'DELETING']).toContain(await look())
    await expect.poll(look, { timeout: 30_000, interval: 50 }).toBe('gone')
  }
  test('an endpoint is DELETING or gone from the moment of its deletion, never what it was', () =>
    gone(`${one}/endpoint/${dummy}`))
  test('and so is a service', () => gone(one))
  holds({
    says: 'deleting a service twice is 404, which Terraform takes for done',
    sent: go('DELETE', one),
    status: 404,
  })
})

describe('clusters', () => {
  const cluster = `${g}/clusters/Cluster0`
  const region = {
    providerName: 'AWS',
    regionName: 'US_EAST_1',
    priority: 7,
    electableSpecs: { instanceSize: 'M10', nodeCount: 3 },
  }
  const facts: readonly Fact[] = [
    {
      says: 'a project without clusters has an empty list with totalCount, which Terraform reads unasked',
      sent: go('GET', `${g}/clusters`, '2024-08-05'),
      status: 200,
      body: page([], 0),
    },
    {
      says: 'the CLI makes one in the version of 2023-02-01, which is on its way out and says so',
      sent: go('POST', `${g}/clusters`, '2023-02-01', {
        name: 'Cluster0',
        clusterType: 'REPLICASET',
        diskSizeGB: 10,
        mongoDBMajorVersion: '8.0',
        backupEnabled: false,
        biConnector: { enabled: false },
        labels: [{ key: 'Infrastructure Tool', value: 'Atlas CLI' }],
        replicationSpecs: [{ numShards: 1, zoneName: 'Zone 1', regionConfigs: [region] }],
      }),
      status: 201,
      type: `${vnd('2023-02-01')};charset=utf-8`,
      headers: { deprecation: 'Mon, 5 Aug 2024 00:00:00 GMT', sunset: 'Thu, 1 Jul 2027 00:00:00 GMT' },
    },
    {
      says: 'its first poll, in another version, finds CREATING; whatever Terraform asks besides does no harm',
      sent: {
        ...go('GET', `${cluster}?useEffectiveInstanceFields=true`, '2024-08-05'),
        headers: { ...go('GET', '', '2024-08-05').headers, 'use-effective-instance-fields': 'true' },
      },
      status: 200,
      type: `${vnd('2024-08-05')};charset=utf-8`,
      body: { stateName: expect.stringMatching(/CREATING|IDLE/) },
    },
    {
      says: 'a second one of the name: the code that the CLI knows',
      sent: go('POST', `${g}/clusters`, '2024-10-23', {
        name: 'Cluster0',
        clusterType: 'REPLICASET',
        replicationSpecs: [{ regionConfigs: [region] }],
      }),
      status: 400,
      body: { errorCode: 'DUPLICATE_CLUSTER_NAME' },
    },
    {
      says: 'the MCP server asks by a date that clusters have not, and gets the newest before it',
      sent: mcp('GET', cluster),
      status: 200,
      type: `${vnd('2024-08-05')};charset=utf-8`,
      body: { name: 'Cluster0', id: aText },
    },
    {
      says: 'a project with a cluster is not deleted: the code that clean-ups wait on',
      sent: go('DELETE', g),
      status: 409,
      body: { errorCode: 'CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS' },
    },
    {
      says: 'regions of a tier are three lists deep, where the CLI looks for their names',
      sent: go('GET', `${g}/clusters/provider/regions?providers=AWS&tier=M10`),
      status: 200,
      text: /"instanceSizes":\[\{"availableRegions":\[\{"default":(true|false),"name":"[A-Z_0-9]+"\}/,
    },
    {
      says: 'the CLI asks how it scales before it changes anything',
      sent: go('GET', `${cluster}/autoScalingConfiguration`, '2024-08-05'),
      status: 200,
      body: { autoScalingMode: aText },
    },
    {
      says: 'Terraform reads process arguments after each apply',
      sent: go('GET', `${cluster}/processArgs`, '2024-08-05'),
      status: 200,
      body: { minimumEnabledTlsProtocol: aText },
    },
    {
      says: 'a cluster is deleted by 202 and an empty object, in the version that the CLI is pinned to',
      sent: go('DELETE', cluster, '2023-02-01'),
      status: 202,
      text: '{}',
    },
  ]
  for (const fact of facts) holds(fact)
  test('its watch finds DELETING, and ends at this one code', async () => {
    const seen = new Set<string>()
    await expect
      .poll(
        async () => {
          const body = JSON.parse((await perform(go('GET', cluster, '2024-08-05'))).text) as Body
          seen.add(body.stateName ?? body.errorCode)
          return body.errorCode
        },
        { timeout: 30_000, interval: 50 },
      )
      .toBe('CLUSTER_NOT_FOUND')
    expect([...seen].filter((state) => state !== 'DELETING')).toEqual(['CLUSTER_NOT_FOUND'])
  })
})
