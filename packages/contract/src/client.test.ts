import { describe, expect, test } from 'vitest'
import { ApiError, type CallableId, createClient, type Fetch, UnreachableError } from './client.ts'
import { type OperationId, type Route, routes } from './routes.ts'

// The client against a `fetch` that answers from memory: what it sends, and what it makes of every kind of answer.

const groupId = '5f4fe14da2b47835a58c6000'

function answering(status: number, body: string, headers: Record<string, string> = {}) {
  const sent: { url: string; init: RequestInit }[] = []
  const fetch: Fetch = async (url, init) => {
    sent.push({ url, init })
    return new Response(status === 204 ? null : body, { status, headers })
  }
  return { sent, client: createClient({ baseUrl: 'http://api.test//', fetch }) }
}

describe('requests', () => {
  test('path parameters are one segment each, the newest version is asked for', async () => {
    const { sent, client } = answering(200, '{}')
    await client.call('getGroupPrivateEndpointEndpointServiceEndpoint', {
      params: { groupId, cloudProvider: 'AZURE', endpointServiceId: 'a b', endpointId: '/subscriptions/ä%' },
    })
    expect(sent[0]).toEqual({
      url: `http://api.test/api/atlas/v2/groups/${groupId}/privateEndpoint/AZURE/endpointService/a%20b/endpoint/%2Fsubscriptions%2F%C3%A4%25`,
      init: { method: 'GET', redirect: 'manual', headers: { accept: 'application/vnd.atlas.2023-01-01+json' } },
    })
  })

  test.each(['', '.', '..'])('a parameter "%s", which a path would fold, is never sent', async (clusterName) => {
    const { sent, client } = answering(200, '{}')
    await expect(client.call('getGroupCluster', { params: { groupId, clusterName } })).rejects.toThrow(RangeError)
    expect(sent).toEqual([])
  })

  test('streams, whose end it would wait for, are not offered', () => {
    const streams = Object.entries<Route>(routes).flatMap(([id, { stream }]) => (stream === true ? [id] : []))
    const leftOut: readonly Exclude<OperationId, CallableId>[] = ['streamGroupEvents', 'streamOrgEvents']
    expect(streams).toEqual(leftOut)
  })

  test('body and version', async () => {
    const { sent, client } = answering(201, '{"name":"x"}')
    const body = { name: 'x', replicationSpecs: [] }
    const reply = await client.call('createGroupCluster', { params: { groupId }, body, version: '2023-02-01' })
    const type = 'application/vnd.atlas.2023-02-01+json'
    expect(sent[0]?.init).toEqual({
      method: 'POST',
      redirect: 'manual',
      headers: { accept: type, 'content-type': type },
      body: JSON.stringify(body),
    })
    expect(reply).toEqual({ status: 201, body: { name: 'x' } })
  })

  test('operations without versions speak plain JSON; query parameters left undefined are not sent', async () => {
    const { sent, client } = answering(200, '{}')
    await client.call('getGroupClusterConnectionStrings', { params: { groupId, clusterName: 'c' } })
    await client.call('listGroupClusters', { params: { groupId }, query: { pageNum: 3, includeCount: false } })
    expect(sent[0]?.init.headers).toEqual({ accept: 'application/json' })
    expect(sent[1]?.url).toMatch(/clusters\?pageNum=3&includeCount=false$/)
  })
})

describe('answers', () => {
  const ask = (status: number, body: string, headers: Record<string, string> = {}) => {
    const { client } = answering(status, body, headers)
    return client.call('deleteGroup', { params: { groupId } }).catch((problem: unknown) => problem)
  }

  test('no content has no body', async () => {
    expect(await ask(204, '')).toEqual({ status: 204, body: undefined })
  })

  test('an Atlas error is parsed whole', async () => {
    const problem = await ask(
      400,
      JSON.stringify({
        error: 400,
        errorCode: 'VALIDATION_ERROR',
        detail: 'Invalid.',
        parameters: ['a', 1, {}],
        badRequestDetail: { fields: [{ field: 'region', description: 'unknown' }, 'nonsense', { field: 'x' }] },
      }),
    )
    expect(problem).toBeInstanceOf(ApiError)
    expect(problem).toMatchObject({
      status: 400,
      errorCode: 'VALIDATION_ERROR',
      detail: 'Invalid.',
      message: 'Invalid.',
      parameters: ['a', 1],
      fields: [
        { field: 'region', description: 'unknown' },
        { field: 'x', description: '' },
      ],
    })
  })

  test.each([
    [502, '<html>Bad gateway</html>'],
    [500, ''],
    [503, 'null'],
    [400, '[1]'],
    [302, ''],
  ])('%i with %j is an ApiError too', async (status, body) => {
    expect(await ask(status, body)).toMatchObject({
      name: 'ApiError',
      status,
      errorCode: undefined,
      detail: `The server answered with HTTP status ${status}.`,
      parameters: [],
      fields: [],
    })
  })

  test('no answer at all names the server and keeps the cause', async () => {
    const cause = new TypeError('fetch failed')
    const client = createClient({ baseUrl: 'http://api.test', fetch: () => Promise.reject(cause) })
    const problem = await client.call('listOrgs').catch((caught: unknown) => caught)
    expect(problem).toBeInstanceOf(UnreachableError)
    expect(problem).toMatchObject({ baseUrl: 'http://api.test', cause })
  })

  test('what an authenticating fetch has said is not said again in other words', async () => {
    const said = new ApiError(401, { detail: 'No.' })
    const client = createClient({ baseUrl: 'http://api.test', fetch: () => Promise.reject(said) })
    await expect(client.call('listOrgs')).rejects.toBe(said)
  })
})
