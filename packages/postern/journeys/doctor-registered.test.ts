// The doctor at a deployment of the user's own, whose owner takes from Postern what it needs to manage users there.

import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { provesItsChecks } from './doctor-proof.ts'
import { doctorAt, findingOf, isWell, signedIn, warns } from './examined.ts'
import { type ChangingSet, startIndependentSet } from './independent-set.ts'
import { type Reached, reachThroughEndpoint } from './registration.ts'
import { startForTest } from './running.ts'

const newPassword = 'a-newer-password-9c1e'

let running: Running
let set: ChangingSet
let reached: Reached
let at: ReturnType<typeof doctorAt>
beforeAll(async () => {
  running = await startForTest()
  set = await startIndependentSet({ tls: false })
  reached = await reachThroughEndpoint(running, { set, clusterName: 'Theirs', region: 'eu-west-2' })
  at = doctorAt(running, [reached.user.password, newPassword])
})
afterAll(async () => {
  await running?.stop()
  await set?.stop()
})

const examine = (password: string) => at.examine(signedIn(reached.uri, { user: reached.user.username, password }))

/** Somebody else who owns the set, at the set itself, so that the administrator we know can lose everything. */
const keeper = { username: 'keeper', password: 'a-password-of-the-keeper' }

const atTheSet = async (auth: { readonly username: string; readonly password: string }, command: object) => {
  const driver = new MongoClient(set.connectionString, { auth })
  await driver
    .db('admin')
    .command(command)
    .finally(() => driver.close())
}
const asKeeper = (command: 'revokeRolesFromUser' | 'grantRolesToUser', role: string) =>
  atTheSet(keeper, { [command]: set.admin.username, roles: [role] })

test('whose administrator may not see who is connected: that could not be told, and which role it takes', async () => {
  await atTheSet(set.admin, { createUser: keeper.username, pwd: keeper.password, roles: ['root'] })
  await asKeeper('revokeRolesFromUser', 'root')
  const examined = await examine(reached.user.password)
  expect({ found: examined.found, code: examined.code }).toEqual({ found: ['nobody-past-endpoint'], code: 2 })
  expect(findingOf(examined, 'nobody-past-endpoint')).toMatchObject({
    status: 'COULD_NOT_TELL',
    whatToDo: expect.stringContaining('clusterMonitor'),
  })
  // From now on it may look, whatever else it loses.
  await asKeeper('grantRolesToUser', 'clusterMonitor')
  isWell(await examine(reached.user.password))
  await asKeeper('grantRolesToUser', 'root')
})

test('a new password that cannot be brought there: the old one is still good, and a warning says so', async () => {
  isWell(await examine(reached.user.password))
  await asKeeper('revokeRolesFromUser', 'root')
  await running.client.call('updateGroupDatabaseUser', {
    params: { groupId: running.bootstrap.groupId, databaseName: 'admin', username: reached.user.username },
    body: { password: newPassword },
  })
  const examined = await until('why it is not applied being known', 20_000, async () => {
    const found = await examine(reached.user.password)
    return /not authorized/i.test(findingOf(found, 'user-applied').why ?? '') ? found : undefined
  })
  warns(examined, 'user-applied')
  expect(findingOf(examined, 'user-applied').found).toBe(
    `Cluster Theirs does not have user ${reached.user.username} as it is wished.`,
  )
})

test('whose administrator may no longer read the configuration of the set: who is to be granted which role', async () => {
  expect(findingOf(await at.doctor(), 'hidden-members').status).toBe('OK')
  await asKeeper('revokeRolesFromUser', 'clusterMonitor')
  // It is asked for again since it changed.
  await set.move(2)
  const examined = await until('the refusal being known', 20_000, async () => {
    const found = await at.doctor()
    return findingOf(found, 'hidden-members').status === 'WARNING' ? found : undefined
  })
  warns(examined, 'hidden-members')
  expect(findingOf(examined, 'hidden-members').whatToDo).toContain(`grantRolesToUser("${set.admin.username}"`)
})

provesItsChecks('registered')
