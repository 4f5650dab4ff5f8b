// People in tests: an account with a session of the console, as signing in would leave it, without the half second that
// each password takes.

import type { GroupRole, OrgRole } from '@postern/contract/roles'
import { type Answer, type Ask, ask, type TestApi } from '../../http/testing.ts'
import { grantRole } from '../../identity/grant.ts'
import { nobodysVerifier } from '../../identity/password.ts'
import { beginSession } from '../../identity/session.ts'

export interface TestPerson {
  readonly id: string
  readonly username: string
  readonly cookie: string
  /** Asks as this person, from a page of our own. */
  readonly ask: (wish: Omit<Ask, 'as'>) => Promise<Answer>
}

/** Somebody new who is signed in, with these roles in the API's own organization and group. */
export const newPerson = async (
  api: TestApi,
  username: string,
  roles: { readonly org?: readonly OrgRole[]; readonly group?: readonly GroupRole[] } = {},
): Promise<TestPerson> => {
  const { parts } = api
  const id = parts.ids.objectId()
  await parts.store.transact(async (tx) => {
    const created = new Date(parts.clock.now())
    await tx
      .insertInto('app_user')
      .values({ id, email: username, password: nobodysVerifier, first_name: 'First', last_name: 'Last', created })
      .execute()
    const holder = { kind: 'USER', id } as const
    for (const role of roles.org ?? []) await grantRole(tx, holder, { orgId: api.orgId, role })
    for (const role of roles.group ?? []) await grantRole(tx, holder, { groupId: api.groupId, role })
  })
  const cookie = `postern_session=${await parts.store.transact((tx) => beginSession(tx, parts, id))}`
  return {
    id,
    username,
    cookie,
    ask: (wish) => ask(api.http, { ...wish, headers: { cookie, origin: 'http://localhost:8080', ...wish.headers } }),
  }
}
