// For tests of coming in: sessions, log-in links and accepted invitations over the real engine and store, with real
// passwords. Verifiers of accounts that are there from the start are cheap ones: how dear a verifier is stands in its text.

import { randomBytes, scryptSync } from 'node:crypto'
import { type Answer, ask, createTestApi, type TestApi } from '../../http/testing.ts'
import { grantRole } from '../../identity/grant.ts'
import { makeVerifier, verifyPassword } from '../../identity/password.ts'
import { createPasswordGate } from '../../identity/password-gate.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { groupHandlers } from '../group/handlers.ts'
import { invitationHandlers } from '../invitation/handlers.ts'
import { organizationHandlers } from '../organization/handlers.ts'
import { userHandlers } from '../user/handlers.ts'
import { sessionHandlers } from './handlers.ts'
import { sessionLinkHandlers } from './link-handlers.ts'

/** Owns the organization. */
export const ada = { id: 'a'.repeat(24), username: 'Ada@example.com', password: 'correct-horse-battery' }
export const start = Date.UTC(2026, 7, 10)
export const path = '/api/postern/v1/session'
export const origin = 'http://localhost:8080'

export interface ComingIn extends TestStore {
  readonly api: TestApi
  readonly clock: { now: number }
  /** What happens between the proof of a password and what follows from it. */
  readonly hooks: { whenProved: () => Promise<void> }
  readonly signIn: (
    who: { readonly username: string; readonly password: string },
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Answer>
  /** Ada's cookie. */
  readonly signedIn: () => Promise<string>
  /** The organizations, asked with these headers. */
  readonly orgs: (headers: Record<string, string>, method?: string, more?: object) => Promise<Answer>
}

export const createComingIn = async (): Promise<ComingIn> => {
  const open = await createTestStore()
  const clock = { now: start }
  const hooks = { whenProved: async (): Promise<void> => {} }
  const verify = async (...asked: Parameters<typeof verifyPassword>): Promise<boolean> => {
    const proved = await verifyPassword(...asked)
    await hooks.whenProved()
    return proved
  }
  const api = await createTestApi(
    open.store,
    (parts) => {
      const passwords = createPasswordGate({ verify, make: makeVerifier })
      return {
        ...sessionHandlers(parts, passwords),
        ...sessionLinkHandlers(parts),
        ...invitationHandlers(parts, passwords),
        ...userHandlers(parts, passwords),
        ...organizationHandlers(parts),
        ...groupHandlers(parts),
      }
    },
    { clock: { now: () => clock.now } },
  )
  const password = cheapVerifier(ada.password)
  await open.store.transact(async (tx) => {
    const created = new Date(start)
    await tx
      .insertInto('app_user')
      .values({ id: ada.id, email: ada.username, password, first_name: 'Ada', last_name: 'L', created })
      .execute()
    await grantRole(tx, { kind: 'USER', id: ada.id }, { orgId: api.orgId, role: 'ORG_OWNER' })
  })
  const signIn: ComingIn['signIn'] = (body, headers = {}) =>
    ask(api.http, { method: 'POST', path, body, headers: { origin, ...headers } })
  return {
    ...open,
    api,
    clock,
    hooks,
    signIn,
    signedIn: async () => cookieOf(await signIn(ada)),
    orgs: (headers, method = 'GET', more = {}) =>
      ask(api.http, { method, path: '/api/atlas/v2/orgs', headers, ...more }),
  }
}

export const cheapVerifier = (password: string): string => {
  const salt = randomBytes(16)
  const key = scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 })
  return ['scrypt', 1024, 8, 1, salt.toString('base64'), key.toString('base64')].join('$')
}

export const cookieOf = ({ headers }: { readonly headers: Headers }): string =>
  (headers.get('set-cookie') ?? '').split(';', 1)[0] ?? ''
