import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApiError } from '@postern/contract/client'
import { afterEach, describe, expect, test } from 'vitest'
import { connect } from './connect.ts'
import { parseChallenge } from './digest.ts'
import { keys, type RecordingServer, startRecordingServer } from './trial/recording-server.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

async function started(answers = {}): Promise<RecordingServer> {
  const server = await startRecordingServer(answers)
  stops.push(server.close)
  return server
}

const groupId = '5f4fe14da2b47835a58c6000'
const clusters = `/api/atlas/v2/groups/${groupId}/clusters`

describe('an API key (digest)', () => {
  const page = { links: [], results: [], totalCount: 0 }
  const asks = (server: RecordingServer) => {
    const client = connect({ baseUrl: `${server.url}/`, credentials: { kind: 'digest', ...keys } })
    return () => client.call('listGroupClusters', { params: { groupId } })
  }

  test('one challenge serves many requests, the count rising', async () => {
    const server = await started({ [`GET ${clusters}`]: { body: page } })
    const ask = asks(server)
    for (const _ of Array(5)) expect(await ask()).toEqual({ status: 200, body: page })
    expect(server.challenges).toBe(1)
    expect(server.requests).toHaveLength(5)
  })

  test('requests at the same time do not use a count twice', async () => {
    const server = await started({ [`GET ${clusters}`]: { body: page } })
    const ask = asks(server)
    await ask()
    await Promise.all(Array.from({ length: 8 }, ask))
    expect(server.challenges).toBe(1)
  })

  test('a server that forgot the nonce is answered anew', async () => {
    const server = await started({ [`GET ${clusters}`]: { body: page } })
    const ask = asks(server)
    await ask()
    server.forgetNonces()
    await ask()
    expect(server.challenges).toBe(2)
  })

  test('the body goes out again after the challenge, and query and escapes are part of the answer', async () => {
    const target = `/api/postern/v1/local/gcp/forwardingRules/p/r%2F%20%25/n`
    const server = await started({
      [`DELETE ${target}`]: { status: 204 },
      [`GET ${clusters}?pageNum=2&includeCount=true`]: { body: page },
      'POST /api/postern/v1/local/aws/vpcEndpoints': { status: 201, body: { vpcEndpointId: 'vpce-1' } },
    })
    const client = connect({ baseUrl: server.url, credentials: { kind: 'digest', ...keys } })
    const body = { serviceName: 'ä"\\' }
    expect((await client.call('createLocalAwsVpcEndpoint', { body })).status).toBe(201)
    await client.call('deleteLocalGcpForwardingRule', {
      params: { project: 'p', region: 'r/ %', forwardingRuleName: 'n' },
    })
    await client.call('listGroupClusters', { params: { groupId }, query: { pageNum: 2, includeCount: true } })
    expect(server.requests.map((request) => request.body)).toEqual([body, undefined, undefined])
    expect(server.challenges).toBe(1)
  })

  test('wrong keys end in 401 after one try, with the sentence of the server', async () => {
    const server = await started()
    const client = connect({
      baseUrl: server.url,
      credentials: { kind: 'digest', publicKey: keys.publicKey, privateKey: 'wrong' },
    })
    await expect(client.call('listOrgs')).rejects.toMatchObject({
      status: 401,
      detail: 'You are not authorized for this resource.',
    })
    expect(server.challenges).toBe(2)
    expect(server.requests).toEqual([])
  })

  test.each([
    ['Digest realm="r", nonce="n", qop="auth"', { realm: 'r', nonce: 'n', opaque: undefined }],
    [
      'digest realm=r,nonce="a,\\"b",algorithm="MD5",qop="auth,auth-int",opaque="o"',
      { realm: 'r', nonce: 'a,"b', opaque: 'o' },
    ],
    ['Basic realm="x", Digest realm="r", nonce="n", qop="auth"', { realm: 'r', nonce: 'n', opaque: undefined }],
    ['Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256', undefined],
    ['Digest realm="r", nonce="n"', undefined],
    ['Digest realm="r", qop="auth"', undefined],
    ['Bearer realm="r"', undefined],
    ['', undefined],
  ])('challenge %s', (header, challenge) => {
    expect(parseChallenge(header)).toEqual(challenge)
  })
})

describe('a service account', () => {
  async function tokenServer(refuse = false) {
    const seen: string[] = []
    let issued = 0
    const valid = new Set<string>()
    const server = createServer((request, response) => {
      const { authorization = '' } = request.headers
      seen.push(`${request.method} ${request.url} ${authorization}`)
      response.setHeader('Content-Type', 'application/json')
      if (request.url === '/api/oauth/token') {
        if (refuse) response.statusCode = 401
        const token = `t${++issued}`
        valid.add(token)
        response.end(JSON.stringify(refuse ? { error: 'invalid_client' } : { access_token: token, expires_in: 3600 }))
        return
      }
      response.statusCode = valid.has(authorization.replace('Bearer ', '')) ? 200 : 401
      response.end(JSON.stringify({ results: [], totalCount: 0 }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    stops.push(async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    })
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const credentials = { kind: 'serviceAccount', clientId: 'mdb_sa_id_1', clientSecret: 'mdb_sa_sk_1' } as const
    return { seen, valid, client: connect({ baseUrl, credentials }) }
  }

  test('asks for one token, uses it, and for another when it is no longer taken', async () => {
    const { seen, valid, client } = await tokenServer()
    await Promise.all([client.call('listOrgs'), client.call('listOrgs')])
    valid.clear()
    await client.call('listOrgs')
    const basic = `Basic ${Buffer.from('mdb_sa_id_1:mdb_sa_sk_1').toString('base64')}`
    expect(seen).toEqual([
      `POST /api/oauth/token ${basic}`,
      'GET /api/atlas/v2/orgs Bearer t1',
      'GET /api/atlas/v2/orgs Bearer t1',
      'GET /api/atlas/v2/orgs Bearer t1',
      `POST /api/oauth/token ${basic}`,
      'GET /api/atlas/v2/orgs Bearer t2',
    ])
  })

  test('a refused pair is an ApiError that does not name the secret', async () => {
    const { client } = await tokenServer(true)
    const problem = await client.call('listOrgs').catch((caught: unknown) => caught)
    expect(problem).toBeInstanceOf(ApiError)
    expect(String(problem)).toContain('mdb_sa_id_1')
    expect(String(problem)).not.toContain('mdb_sa_sk_1')
  })
})
