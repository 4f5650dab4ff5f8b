// Members that a set hides from drivers: known only by whoever may read its configuration.

import { randomBytes } from 'node:crypto'
import { type Document, MongoClient } from 'mongodb'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { Reach } from '../../engines/engine.ts'
import { createWatch } from '../../engines/watch.ts'
import {
  api,
  type Body,
  base,
  cluster,
  dba,
  door,
  hello,
  type Members,
  makeOwn,
  on,
  register,
} from './own-deployment.testing.ts'

/** Of the project's members, by `host:port`. */
const roles = async (): Promise<ReadonlyMap<string, string>> => {
  const rows = await on.store.read
    .selectFrom('member')
    .innerJoin('cluster', 'cluster.id', 'member.cluster_id')
    .select(['member.host_port', 'member.role'])
    .where('cluster.group_id', '=', api.groupId)
    .execute()
  return new Map(rows.map(({ host_port, role }) => [host_port, role]))
}

describe('hidden members', () => {
  let set: Members
  beforeAll(async () => {
    set = await makeOwn(4)
    await door('POST', `${set.id}/members/3/hide`, {})
    await vi.waitFor(async () => expect(await hello(set.hosts[0] ?? '')).toHaveProperty('primary'), { timeout: 15_000 })
    const client = new MongoClient(`mongodb://${set.hosts[0]}/?replicaSet=own-set`, {
      auth: { username: dba.user, password: dba.password },
    })
    await client.db('admin').command({ createUser: 'monitor', pwd: 'looks only', roles: ['clusterMonitor'] })
    await client.db('admin').command({ createUser: 'reader', pwd: 'reads only', roles: ['readAnyDatabase'] })
    await client.close()
  })
  const given = (more: Body) => register({ connectionString: `mongodb://${set.hosts[0]}`, ...more })

  test.each([
    { says: 'an administrator', credentials: { username: dba.user, password: dba.password } },
    { says: 'a user who may only look', credentials: { username: 'monitor', password: 'looks only' } },
  ])('are known by $says, stay known, and no string names them', async ({ credentials }) => {
    const { status, body } = await given(credentials)
    expect([status, body]).toMatchObject([201, { hiddenMembersUnknownReason: null }])
    const primary = async () => [...(await roles())].find(([, role]) => role === 'primary')?.[0]
    expect((await roles()).get(set.hosts[3] ?? '')).toBe('hidden')
    const before = await primary()
    await door('POST', `${set.id}/stepDown`, { seconds: 1, force: true })
    await expect.poll(async () => (await primary()) ?? before, { timeout: 20_000 }).not.toBe(before)
    expect((await roles()).get(set.hosts[3] ?? '')).toBe('hidden')
    const { standard } = ((await cluster()).body as { connectionStrings: { standard: string } }).connectionStrings
    expect(set.hosts.map((host) => standard.includes(host))).toEqual([true, true, true, false])
  })

  test.each([
    { says: 'nobody is given', credentials: {} },
    { says: 'who is given may not ask', credentials: { username: 'reader', password: 'reads only' } },
  ])('are not known where $says, with the reason', async ({ credentials }) => {
    const { status, body } = await given(credentials)
    expect([status, body]).toMatchObject([
      201,
      { hiddenMembersUnknownReason: expect.stringContaining('nobody was given who may read the configuration') },
    ])
    expect((body as { members: unknown[] }).members).toHaveLength(3)
  })

  test('are no longer told where whoever looked may not, are asked for again, and are not unknown before anybody asked', async () => {
    const { id, hosts } = await makeOwn(3)
    const [first = '', second = '', last = ''] = hosts
    await door('POST', `${id}/members/2/hide`, {})
    const client = new MongoClient(`mongodb://${first}/?replicaSet=own-set`, {
      auth: { username: dba.user, password: dba.password },
    })
    const command = (wish: Document) => client.db('admin').command(wish)
    const looker = { user: 'looker', password: 'looks only', source: 'admin' }
    const create = () => command({ createUser: looker.user, pwd: looker.password, roles: ['clusterMonitor'] })
    await create()
    const reach: Reach = { hosts: [first], admin: null, monitor: looker, tls: null }
    const watches = [createWatch({ onChange: () => {}, refusedMs: 0 }), createWatch({ onChange: () => {} })] as const
    const [watch, fresh] = watches
    const look = async () => {
      const seen = await watch.look(id, reach, { hosts: [] })
      if (seen.kind !== 'replicaSet') throw new Error(seen.kind)
      return {
        why: seen.hidden,
        hidden: seen.members.flatMap(({ hostPort, role }) => (role === 'hidden' ? hostPort : [])).toSorted(),
      }
    }
    try {
      await expect.poll(look).toEqual({ why: null, hidden: [last] })
      await command({ dropUser: looker.user })
      await door('POST', `${id}/members/1/hide`, {})
      await expect.poll(look, { timeout: 15_000 }).toEqual({ why: 'NOT_TOLD', hidden: [second, last].toSorted() })
      await create()
      await expect.poll(look, { timeout: 15_000 }).toMatchObject({ why: null, hidden: { length: 2 } })
      // It would wait for a primary to end its sessions at.
      await client.close()
      await door('POST', `${id}/members/1/kill`)
      await door('POST', `${id}/members/2/kill`)
      const first = (own: Reach) => fresh.look(randomBytes(12).toString('hex'), own, { hosts: [] })
      await expect.poll(() => first(reach), { timeout: 15_000 }).toMatchObject({ hasPrimary: false, hidden: 'UNREAD' })
      expect(await first({ ...reach, monitor: null })).toMatchObject({ hasPrimary: false, hidden: 'NOT_TOLD' })
    } finally {
      await Promise.all([client.close(), ...watches.map((each) => each.close())])
    }
  })

  test('whoever is hidden stays and whoever leaves is dropped where the password was taken away, and the list says why, until it is given again', async () => {
    const left = await makeOwn(5)
    const client = new MongoClient(`mongodb://${left.hosts[0]}/?replicaSet=own-set`, {
      auth: { username: dba.user, password: dba.password },
    })
    const command = (wish: Document) => client.db('admin').command(wish)
    const create = () => command({ createUser: 'keeper', pwd: 'looks only', roles: ['clusterMonitor'] })
    const hideOne = async () => {
      const { hosts, primary } = await command({ hello: 1 })
      const host = (hosts as string[]).find((each) => each !== primary) ?? ''
      await door('POST', `${left.id}/members/${left.hosts.indexOf(host)}/hide`, {})
      return host
    }
    const known = async () => {
      const { body } = await api.ask({ method: 'GET', path: base() })
      const now = [...(await roles())]
      const hidden = now.flatMap(([host, role]) => (role === 'hidden' ? host : [])).toSorted()
      const why = (body as { results: { hiddenMembersUnknownReason: string }[] }).results[0]?.hiddenMembersUnknownReason
      return { why, members: now.length, hidden }
    }
    try {
      await create()
      await register({ connectionString: `mongodb://${left.hosts[0]}`, username: 'keeper', password: 'looks only' })
      const first = await hideOne()
      await expect.poll(known, { timeout: 20_000 }).toEqual({ why: null, members: 5, hidden: [first] })
      await command({ dropUser: 'keeper' })
      const second = await hideOne()
      const both = { why: expect.stringContaining('its password was changed'), hidden: [first, second].toSorted() }
      await expect.poll(known, { timeout: 20_000 }).toEqual({ ...both, members: 5 })
      await door('PUT', left.id, { name: 'own', setName: 'own-set', members: 4, admin: dba })
      await expect.poll(known, { timeout: 20_000 }).toEqual({ ...both, members: 4 })
      await create()
      const third = await hideOne()
      await expect
        .poll(known, { timeout: 20_000 })
        .toEqual({ why: null, members: 4, hidden: [first, second, third].toSorted() })
    } finally {
      await client.close()
    }
  })
})
