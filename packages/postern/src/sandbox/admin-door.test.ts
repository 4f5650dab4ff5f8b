// The control plane's door: what it answers, whom it refuses, and that doing a thing twice is doing it once.

import { readdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listen } from './member.ts'
import { type AdminDoor, admin, clientOf, type SandboxUnderTest, startSandbox } from './testing/sandbox-under-test.ts'

let under: SandboxUnderTest
let door: AdminDoor
beforeAll(async () => {
  under = await startSandbox()
  door = under.door
})
afterAll(() => under?.end())

const wish = { name: 'Cluster0', setName: 'rs0', members: 3, admin }

describe('clusters', () => {
  test('PUT makes one, and the same PUT again changes nothing', async () => {
    const first = await door.report('PUT', '/clusters/a', wish)
    expect(first).toMatchObject({ id: 'a', name: 'Cluster0', setName: 'rs0', tls: false, state: 'IDLE', primary: '0' })
    expect(first.members.map(({ id, state }) => [id, state])).toEqual([
      ['0', 'PRIMARY'],
      ['1', 'SECONDARY'],
      ['2', 'SECONDARY'],
    ])
    expect(await door.report('PUT', '/clusters/a', wish)).toEqual(first)
    expect(await door.report('GET', '/clusters/a')).toEqual(first)
    expect((await door.call('GET', '/clusters')).body).toEqual({ clusters: [first] })
  })

  test('two PUTs at once make one cluster', async () => {
    const [one, two] = await Promise.all([
      door.report('PUT', '/clusters/b', wish),
      door.report('PUT', '/clusters/b', wish),
    ])
    expect(one).toEqual(two)
  })

  test('PUT with another password changes it', async () => {
    const cluster = await door.report('PUT', '/clusters/c', { ...wish, members: 1 })
    const next = { ...admin, password: 'the next one' }
    await door.report('PUT', '/clusters/c', { ...wish, members: 1, admin: next })
    const client = clientOf(cluster, {}, next)
    expect(await client.db('admin').command({ usersInfo: 1 })).toMatchObject({ ok: 1 })
    await client.close()
  })

  test('PUT of a known id with another set name is a conflict', async () => {
    await door.report('PUT', '/clusters/d', wish)
    expect((await door.call('PUT', '/clusters/d', { ...wish, setName: 'rs1' })).status).toBe(409)
  })

  test('DELETE removes it with its data, and again is no error', async () => {
    const cluster = await door.report('PUT', '/clusters/e', wish)
    expect((await door.call('DELETE', '/clusters/e')).status).toBe(204)
    expect((await door.call('DELETE', '/clusters/e')).status).toBe(204)
    expect((await door.call('GET', '/clusters/e')).status).toBe(404)
    expect((await readdir(under.dir)).filter((name) => name.includes('-e'))).toEqual([])
    const gone = clientOf(cluster, { serverSelectionTimeoutMS: 200 })
    await expect(gone.connect()).rejects.toThrow()
    await gone.close()
  })

  test('killing and reviving twice is killing and reviving once', async () => {
    await door.report('PUT', '/clusters/f', wish)
    const states = async (path: string) =>
      (await door.report('POST', `/clusters/f/${path}`)).members.map(({ state }) => state)
    expect(await states('members/2/kill')).toEqual(['PRIMARY', 'SECONDARY', 'DOWN'])
    expect(await states('members/2/kill')).toEqual(['PRIMARY', 'SECONDARY', 'DOWN'])
    expect(await states('members/2/revive')).toEqual(['PRIMARY', 'SECONDARY', 'SECONDARY'])
    expect(await states('members/2/revive')).toEqual(['PRIMARY', 'SECONDARY', 'SECONDARY'])
  })

  test('a port that somebody has taken meanwhile is said, and the member stays down', async () => {
    const { members } = await door.report('PUT', '/clusters/g', wish)
    await door.report('POST', '/clusters/g/members/1/kill', { abrupt: true })
    const squatter = createServer()
    const port = Number(members[1]?.hostPort.split(':')[1])
    await listen(squatter, { host: '127.0.0.1', port })
    expect((await door.call('POST', '/clusters/g/members/1/revive')).status).toBe(409)
    await new Promise((resolve) => squatter.close(resolve))
    expect((await door.report('POST', '/clusters/g/members/1/revive')).members[1]?.state).toBe('SECONDARY')
  })
})

describe('a restart', () => {
  test('finds clusters, ports, users and documents; a port that is taken is asked for until it is free', async () => {
    const first = await startSandbox()
    const cluster = await first.door.put('one')
    const client = clientOf(cluster)
    await client.db('app').collection('things').insertOne({ a: 1 })
    await client.close()
    await first.sandbox.close()
    const squatter = createServer()
    await listen(squatter, { host: '127.0.0.1', port: Number(cluster.members[2]?.hostPort.split(':')[1]) })
    const second = await startSandbox({ dir: first.dir })
    const states = async () => (await second.door.report('GET', '/clusters/one')).members.map(({ state }) => state)
    const again = await second.door.report('GET', '/clusters/one')
    expect(again.members.map(({ hostPort }) => hostPort)).toEqual(cluster.members.map(({ hostPort }) => hostPort))
    expect(await states()).toEqual(['PRIMARY', 'SECONDARY', 'DOWN'])
    await new Promise((resolve) => squatter.close(resolve))
    await expect.poll(states, { timeout: 10_000 }).toEqual(['PRIMARY', 'SECONDARY', 'SECONDARY'])
    const reader = clientOf(again)
    expect(await reader.db('app').collection('things').countDocuments()).toBe(1)
    await reader.close()
    await second.end()
  })
})

describe('refusals', () => {
  test.each([
    ['no token', undefined],
    ['another token', 'Bearer wrong'],
    ['no bearer', 'a-token-for-tests-only'],
  ])('%s', async (_, authorization) => {
    const headers = authorization ? { authorization } : {}
    expect((await fetch(`${door.url}/clusters`, { headers })).status).toBe(401)
  })

  test.each([
    ['GET', '/', undefined, 404],
    ['GET', '/clusters/nothing', undefined, 404],
    ['POST', '/clusters/nothing/stepDown', {}, 404],
    ['POST', '/clusters/nothing/members/0/kill', undefined, 404],
    ['PATCH', '/clusters/a', {}, 405],
    ['PUT', '/clusters/..%2fx', wish, 404],
    ['PUT', '/clusters/x', undefined, 400],
    ['PUT', '/clusters/x', [], 400],
    ['PUT', '/clusters/x', { ...wish, members: 0 }, 400],
    ['PUT', '/clusters/x', { ...wish, members: 8 }, 400],
    ['PUT', '/clusters/x', { ...wish, members: '3' }, 400],
    ['PUT', '/clusters/x', { ...wish, setName: '' }, 400],
    ['PUT', '/clusters/x', { ...wish, setName: 'a/b' }, 400],
    ['PUT', '/clusters/x', { ...wish, admin: { user: 'a' } }, 400],
    ['PUT', '/clusters/x', { ...wish, tls: { key: 'k', cert: 'c' } }, 400],
    ['PUT', '/clusters/x', { ...wish, name: 'x'.repeat(300_000) }, 400],
  ])('%s %s with %o: %i', async (method, path, body, status) => {
    expect((await door.call(method, path, body)).status).toBe(status)
    expect((await door.call('GET', '/clusters/x')).status).toBe(404)
  })

  test('a body that is not JSON', async () => {
    const headers = { authorization: `Bearer ${door.token}` }
    const answer = await fetch(`${door.url}/clusters/x`, { method: 'PUT', headers, body: '{' })
    expect([answer.status, await answer.json()]).toEqual([400, { error: 'the body is not JSON' }])
  })
})
