// What belongs to no group follows the server's own setting: machines' accounts and events.

import type { Fidelity } from '@postern/contract/fidelity'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApi, type TestApi, testSettings } from '../http/testing.ts'
import { apiKeyAccessListHandlers } from '../resources/api-key/access-list.ts'
import { orgApiKeyHandlers } from '../resources/api-key/org-handlers.ts'
import { eventHandlers } from '../resources/event/handlers.ts'
import { recordEvent } from '../resources/event/record.ts'
import { serviceAccountCredentialHandlers } from '../resources/service-account/credential-handlers.ts'
import { serviceAccountHandlers } from '../resources/service-account/handlers.ts'
import { createTestStore, type TestStore } from '../store/testing.ts'

let open: TestStore
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())

const version = '2024-08-05'
const begin = (fidelity: Fidelity): Promise<TestApi> =>
  createTestApi(
    open.store,
    (parts) => ({
      ...orgApiKeyHandlers(parts),
      ...apiKeyAccessListHandlers(parts),
      ...serviceAccountHandlers(parts),
      ...serviceAccountCredentialHandlers(parts),
      ...eventHandlers(parts),
    }),
    { settings: { ...testSettings, fidelity } },
  )

interface Body {
  readonly id: string
  readonly clientId: string
  readonly errorCode?: string
  readonly totalCount: number
  readonly results: readonly { readonly eventTypeName: string }[]
}
const asker =
  ({ ask }: TestApi) =>
  async (method: string, path: string, body?: unknown) => {
    const answer = await ask({ method, path: `/api/atlas/v2${path}`, version, ...(body !== undefined && { body }) })
    return { status: answer.status, body: answer.body as Body }
  }
const account = (hours: number) => ({
  name: 'ci',
  description: 'of a pipeline',
  roles: ['ORG_MEMBER'],
  secretExpiresAfterHours: hours,
})

describe.each([
  { fidelity: 'postern', repeated: undefined, short: undefined, unknown: undefined, own: 'shown' },
  {
    fidelity: 'atlas',
    repeated: 'ADDRESS_ALREADY_IN_ACCESS_LIST',
    short: 'INVALID_ATTRIBUTE',
    unknown: 'QUERY_PARAM_PARSE_ERROR',
    own: 'left out',
  },
] as const)('$fidelity', ({ fidelity, repeated, short, unknown, own }) => {
  let api: TestApi
  let asks: ReturnType<typeof asker>
  beforeAll(async () => {
    api = await begin(fidelity)
    asks = asker(api)
  })

  test(`an address that a list has already: ${repeated ?? 'nothing changes'}`, async () => {
    const key = await asks('POST', `/orgs/${api.orgId}/apiKeys`, { desc: 'x', roles: ['ORG_MEMBER'] })
    const service = await asks('POST', `/orgs/${api.orgId}/serviceAccounts`, account(8))
    for (const list of [
      `/orgs/${api.orgId}/apiKeys/${key.body.id}/accessList`,
      `/orgs/${api.orgId}/serviceAccounts/${service.body.clientId}/accessList`,
    ]) {
      expect((await asks('POST', list, [{ ipAddress: '192.0.2.7' }])).status).toBe(200)
      const again = await asks('POST', list, [{ cidrBlock: '192.0.2.8/32' }, { cidrBlock: '192.0.2.7/32' }])
      expect(again.body.errorCode).toBe(repeated)
      // What is refused is refused whole.
      const { body } = await asks('GET', list)
      expect(body).toMatchObject({ totalCount: repeated === undefined ? 2 : 1 })
    }
  })

  test(`a secret for seven hours: ${short ?? 'made'}`, async () => {
    const made = await asks('POST', `/orgs/${api.orgId}/serviceAccounts`, account(7))
    expect(made.body.errorCode).toBe(short)
    expect((await asks('POST', `/orgs/${api.orgId}/serviceAccounts`, account(8))).body.errorCode).toBeUndefined()
  })

  test('a service account that is asked for through a group follows the group’s own choice', async () => {
    const made = await asks('POST', `/groups/${api.groupId}/serviceAccounts`, {
      ...account(8),
      roles: ['GROUP_READ_ONLY'],
    })
    const inGroup = `/groups/${api.groupId}/serviceAccounts/${made.body.clientId}`
    const inOrg = `/orgs/${api.orgId}/serviceAccounts/${made.body.clientId}`
    const other = fidelity === 'atlas' ? 'postern' : 'atlas'
    const choose = (own: Fidelity | null) =>
      api.parts.store.transact((tx) =>
        tx.updateTable('group').set({ fidelity: own }).where('id', '=', api.groupId).execute(),
      )
    const entry = [{ ipAddress: '192.0.2.9' }]
    await asks('POST', `${inGroup}/accessList`, entry)
    await choose(other)
    const codes = async (at: string) => [
      (await asks('POST', `${at}/secrets`, { secretExpiresAfterHours: 7 })).body.errorCode,
      (await asks('POST', `${at}/accessList`, entry)).body.errorCode,
    ]
    const strict = ['INVALID_ATTRIBUTE', 'ADDRESS_ALREADY_IN_ACCESS_LIST']
    const lenient = [undefined, undefined]
    // The strict one first: it makes no secret, of which two may be valid at once.
    const asked = other === 'atlas' ? [inGroup, inOrg] : [inOrg, inGroup]
    const seen = [await codes(asked[0] ?? ''), await codes(asked[1] ?? '')]
    await choose(null)
    expect(seen).toEqual([strict, lenient])
  })

  test(`events of types that Atlas does not have: ${own}`, async () => {
    const { parts, orgId, groupId } = api
    const event = { orgId, actor: null, sourceAddress: null, target: {} }
    await parts.store.transact(async (tx) => {
      for (const type of ['CLUSTER_READY', 'INTERFACE_ENDPOINT_AVAILABLE'] as const)
        await recordEvent(tx, parts, { ...event, type, groupId })
      for (const type of ['ORG_RENAMED', 'ORG_DELETED'] as const)
        await recordEvent(tx, parts, { ...event, type, groupId: null })
    })
    const rows = await parts.store.read.selectFrom('event').select(['id', 'type']).where('org_id', '=', orgId).execute()
    for (const [list, known, ours] of [
      [`/groups/${groupId}/events`, 'CLUSTER_READY', 'INTERFACE_ENDPOINT_AVAILABLE'],
      [`/orgs/${orgId}/events`, 'ORG_RENAMED', 'ORG_DELETED'],
    ] as const) {
      const { results, totalCount } = (await asks('GET', list)).body
      const shown = results.map(({ eventTypeName }) => eventTypeName)
      expect(totalCount).toBe(shown.length)
      expect(shown.filter((type) => type === known || type === ours).toSorted()).toEqual(
        own === 'shown' ? [known, ours].toSorted() : [known],
      )
      const status = async (wanted: string) =>
        (await asks('GET', `${list}/${rows.find(({ type }) => type === wanted)?.id}`)).status
      expect([await status(known), await status(ours)]).toEqual([200, own === 'shown' ? 200 : 404])
    }
  })

  test(`events of a type that Atlas does not have: ${unknown ?? 'none found'}`, async () => {
    for (const list of [`/groups/${api.groupId}/events`, `/orgs/${api.orgId}/events`]) {
      expect((await asks('GET', `${list}?eventType=NEVER_HEARD_OF`)).body.errorCode).toBe(unknown)
      expect((await asks('GET', `${list}?eventType=API_KEY_CREATED`)).status).toBe(200)
    }
    const excluded = `/groups/${api.groupId}/events?excludedEventType=NEVER_HEARD_OF`
    expect((await asks('GET', excluded)).body.errorCode).toBe(unknown)
  })
})
