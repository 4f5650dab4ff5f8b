// What every engine must do, run on each of them (engine.test.ts): members that answer, a picture that follows them,
// an administrator who may manage users, and an end that may be asked for twice.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine, Reach } from './engine.ts'
import { createWatch, type Watch } from './watch.ts'

export interface EngineUnderTest {
  readonly engine: Engine
  readonly id: string
  readonly setName: string
  readonly members: number
  readonly reach: Reach
  /** Makes the primary step down. */
  readonly stepDown: () => Promise<void>
  /** Ends one member, by position. */
  readonly kill: (member: number) => Promise<void>
  readonly revive: (member: number) => Promise<void>
  readonly close: () => Promise<void>
}

export const engineCases = (name: string, open: () => Promise<EngineUnderTest>): void => {
  describe(`engine ${name}`, () => {
    let under: EngineUnderTest
    let watch: Watch
    let changes = 0
    let hosts: readonly string[]

    beforeAll(async () => {
      under = await open()
      watch = createWatch({ onChange: () => (changes += 1) })
      hosts = await ensure()
    })
    afterAll(async () => {
      await watch?.close()
      await under?.close()
    })

    const ensure = () =>
      under.engine.ensure(
        {
          id: under.id,
          name: 'Cluster0',
          setName: under.setName,
          members: under.members,
          routers: false,
          paused: false,
          reach: under.reach,
        },
        AbortSignal.timeout(20_000),
      )
    const look = () => watch.look(under.id, under.reach, { hosts })
    const roles = async (): Promise<readonly string[]> => {
      const seen = await look()
      return seen.kind === 'replicaSet' ? seen.members.map(({ role }) => role).toSorted() : [seen.kind]
    }
    const allServe = ['primary', 'secondary', 'secondary']

    test('ensuring twice makes one deployment', async () => {
      expect(await ensure()).toEqual(hosts)
      expect(hosts.length).toBeGreaterThan(0)
    })

    test('a look tells set, version, members and roles', async () => {
      await expect.poll(roles).toEqual(allServe)
      const seen = await look()
      expect(seen).toMatchObject({ kind: 'replicaSet', setName: under.setName, hasPrimary: true })
      expect(seen.kind === 'replicaSet' && seen.version).toMatch(/^\d+\.\d+\.\d+/)
    })

    test('a failover is seen, and told of without a look', async () => {
      await expect.poll(roles).toEqual(allServe)
      const primary = async () => {
        const seen = await look()
        return seen.kind === 'replicaSet' ? seen.members.find(({ role }) => role === 'primary')?.hostPort : undefined
      }
      const before = await primary()
      const told = changes
      await under.stepDown()
      await expect.poll(() => changes).toBeGreaterThan(told)
      await expect.poll(async () => (await primary()) ?? before, { timeout: 15_000 }).not.toBe(before)
    })

    test('a member that is down stays listed as unknown, and comes back', async () => {
      await expect.poll(roles, { timeout: 15_000 }).toEqual(allServe)
      await under.kill(under.members - 1)
      await expect.poll(roles, { timeout: 15_000 }).toEqual(['primary', 'secondary', 'unknown'])
      await under.revive(under.members - 1)
      await expect.poll(roles, { timeout: 15_000 }).toEqual(allServe)
    })

    test('the administrator reaches the primary', async () => {
      await expect.poll(roles, { timeout: 15_000 }).toEqual(allServe)
      const names = await watch.asAdmin(under.id, under.reach, async (client) => {
        const { users } = await client.db('admin').command({ usersInfo: 1 })
        return (users as readonly { readonly user: string }[]).map(({ user }) => user)
      })
      expect(names).toContain(under.reach.admin?.user)
    })

    test('removing twice is removing once', async () => {
      await under.engine.remove(under.id, AbortSignal.timeout(20_000))
      await under.engine.remove(under.id, AbortSignal.timeout(20_000))
    })
  })
}
