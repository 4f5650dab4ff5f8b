// Every operation on API keys, service accounts, access lists, containers and a group's switches, made once, each answer
// held against what was recorded from Atlas and against its contract, under both fidelities.

import { fidelities } from '@postern/contract/fidelity'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Parts } from '../parts.ts'
import { apiKeyAccessListHandlers } from '../resources/api-key/access-list.ts'
import { apiKeyHandlers } from '../resources/api-key/handlers.ts'
import { orgApiKeyHandlers } from '../resources/api-key/org-handlers.ts'
import { createEventWitness, type EventWitness } from '../resources/event/witness.testing.ts'
import { groupAccessListHandlers } from '../resources/group-access-list/handlers.ts'
import { groupSwitchHandlers } from '../resources/group-switch/handlers.ts'
import { networkContainerHandlers } from '../resources/network-container/handlers.ts'
import { serverHandlers } from '../resources/server/handlers.ts'
import { serviceAccountCredentialHandlers } from '../resources/service-account/credential-handlers.ts'
import { serviceAccountHandlers } from '../resources/service-account/handlers.ts'
import { createTestStore, type TestStore } from '../store/testing.ts'
import { createContractWitness, machineOperations } from './contract.testing.ts'
import { ask, type Caller, createTestApi, type TestApi, testSettings } from './testing.ts'

/** Recorded were single addresses alone: a range has no `ipAddress`, a security group neither that nor a range. */
const exemptions = (
  [
    ['createGroupAccessListEntry', 'results[].cidrBlock'],
    ['createGroupAccessListEntry', 'results[].ipAddress'],
    ['listGroupAccessListEntries', 'results[].cidrBlock'],
    ['listGroupAccessListEntries', 'results[].ipAddress'],
    ['createOrgApiKeyAccessListEntry', 'results[].ipAddress'],
    ['listOrgApiKeyAccessListEntries', 'results[].ipAddress'],
  ] as const
).map(([operation, field]) => ({ operations: [operation], field, reason: 'only of a single address' }))

// biome-ignore lint/suspicious/noExplicitAny: a JSON body as it came; the witness says what it must be.
type Body = any

describe.each(fidelities)('fidelity %s', (fidelity) => {
  const witness = createContractWitness(exemptions)
  let store: TestStore
  let api: TestApi
  let events: EventWitness
  let org: string
  let group: string

  beforeAll(async () => {
    store = await createTestStore()
    events = createEventWitness(store.store)
    const handlersOf = (parts: Parts) => ({
      ...apiKeyHandlers(parts),
      ...orgApiKeyHandlers(parts),
      ...apiKeyAccessListHandlers(parts),
      ...serviceAccountHandlers(parts),
      ...serviceAccountCredentialHandlers(parts),
      ...groupAccessListHandlers(parts),
      ...networkContainerHandlers(parts),
      ...groupSwitchHandlers(parts),
      ...serverHandlers(parts),
    })
    api = await createTestApi(store.store, handlersOf, { settings: { ...testSettings, fidelity } })
    org = `/orgs/${api.orgId}`
    group = `/groups/${api.groupId}`
  })
  afterAll(() => store.close())

  const call = async (method: string, path: string, more: { body?: unknown; as?: Caller } = {}): Promise<Body> => {
    const version = '2024-08-05'
    const wish = { method, path: `/api/atlas/v2${path}`, as: api.owner, version, ...more }
    const answer = await ask(events.watch(witness.watch(api.http)), wish)
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.body
  }

  test('API keys', async () => {
    const key = await call('POST', `${org}/apiKeys`, { body: { desc: 'ci', roles: ['ORG_READ_ONLY'] } })
    const path = `${org}/apiKeys/${key.id}`
    await call('GET', `${org}/apiKeys`)
    await call('GET', path)
    await call('PATCH', path, { body: { desc: 'cd', roles: ['ORG_MEMBER'] } })
    await call('POST', `${path}/accessList`, { body: [{ ipAddress: '192.0.2.7' }, { cidrBlock: '198.51.100.0/24' }] })
    await call('GET', `${path}/accessList`)
    await call('GET', `${path}/accessList/192.0.2.7`)
    await call('DELETE', `${path}/accessList/198.51.100.0%2F24`)
    await call('POST', `${group}/apiKeys/${key.id}`, { body: [{ roles: ['GROUP_READ_ONLY'] }] })
    const inGroup = await call('PATCH', `${group}/apiKeys/${key.id}`, {
      body: { roles: ['GROUP_DATA_ACCESS_READ_ONLY'] },
    })
    expect(inGroup).toMatchObject({
      desc: 'cd',
      roles: [
        { groupId: api.groupId, roleName: 'GROUP_DATA_ACCESS_READ_ONLY' },
        { orgId: api.orgId, roleName: 'ORG_MEMBER' },
      ],
    })
    await call('DELETE', path)
    const ofGroup = await call('POST', `${group}/apiKeys`, { body: { desc: 'x', roles: ['GROUP_OWNER'] } })
    await call('GET', `${group}/apiKeys`)
    await call('DELETE', `${group}/apiKeys/${ofGroup.id}`)
    const ofKey = await api.newCaller('API_KEY', { org: ['ORG_OWNER'] })
    expect(await call('GET', '', { as: ofKey })).toMatchObject({
      apiKey: { accessList: [], roles: [{ orgId: api.orgId, roleName: 'ORG_OWNER' }] },
    })
    expect(await call('GET', '')).toMatchObject({ apiKey: null, build: expect.stringMatching(/^[0-9a-f]{40}$/) })
  })

  const walkAccount = async (accounts: string, roles: readonly string[]): Promise<Body> => {
    const account = await call('POST', accounts, {
      body: { name: 'ci', description: 'of a pipeline', roles, secretExpiresAfterHours: 12 },
    })
    const path = `${accounts}/${account.clientId}`
    await call('GET', accounts)
    await call('GET', path)
    await call('PATCH', path, { body: { name: 'cd', description: null, roles } })
    const second = await call('POST', `${path}/secrets`, { body: { secretExpiresAfterHours: 8 } })
    await call('DELETE', `${path}/secrets/${second.id}`)
    await call('POST', `${path}/accessList`, { body: [{ ipAddress: '192.0.2.7' }, { cidrBlock: '2001:DB8::/32' }] })
    await call('GET', `${path}/accessList`)
    await call('DELETE', `${path}/accessList/2001%3Adb8%3A%3A%2F32`)
    return account
  }

  test('service accounts', async () => {
    const ofOrg = await walkAccount(`${org}/serviceAccounts`, ['ORG_MEMBER'])
    await call('POST', `${group}/serviceAccounts/${ofOrg.clientId}:invite`, { body: { roles: ['GROUP_READ_ONLY'] } })
    expect((await call('GET', `${org}/serviceAccounts/${ofOrg.clientId}/groups`)).results).toEqual([
      { groupId: api.groupId, roles: ['GROUP_READ_ONLY'] },
    ])
    const ofGroup = await walkAccount(`${group}/serviceAccounts`, ['GROUP_OWNER'])
    await call('DELETE', `${group}/serviceAccounts/${ofGroup.clientId}`)
    await call('DELETE', `${org}/serviceAccounts/${ofOrg.clientId}`)
  })

  test('the IP access list of a group', async () => {
    const list = `${group}/accessList`
    const deleteAfterDate = new Date(Date.now() + 3_600_000).toISOString()
    await call('POST', list, {
      body: [{ ipAddress: '192.0.2.7', comment: 'test', deleteAfterDate }, { awsSecurityGroup: 'sg-903004f8' }],
    })
    await call('GET', list)
    await call('GET', `${list}/192.0.2.7`)
    await call('GET', `${list}/192.0.2.7%2F32/status`)
    await call('DELETE', `${list}/192.0.2.7`)
  })

  test('containers', async () => {
    const containers = `${group}/containers`
    const made = await call('POST', containers, {
      body: { providerName: 'AWS', regionName: 'US_EAST_1', atlasCidrBlock: '10.8.0.0/21' },
    })
    await call('POST', containers, {
      body: { providerName: 'AZURE', region: 'US_EAST_2', atlasCidrBlock: '10.8.0.0/21' },
    })
    await call('POST', containers, {
      body: { providerName: 'GCP', atlasCidrBlock: '10.8.0.0/18', regions: ['US_EAST_4'] },
    })
    await call('GET', `${containers}?providerName=AZURE`)
    await call('GET', `${containers}/all`)
    await call('GET', `${containers}/${made.id}`)
    await call('PATCH', `${containers}/${made.id}`, { body: { providerName: 'AWS', atlasCidrBlock: '10.9.0.0/21' } })
    await call('DELETE', `${containers}/${made.id}`)
  })

  test('switches and addresses', async () => {
    await call('PATCH', `${group}/awsCustomDNS`, { body: { enabled: true } })
    expect(await call('GET', `${group}/awsCustomDNS`)).toEqual({ enabled: true })
    await call('DELETE', `${group}/managedSlowMs/disable`)
    expect(await call('GET', `${group}/managedSlowMs`)).toBe(false)
    await call('POST', `${group}/managedSlowMs/enable`)
    expect(await call('GET', `${group}/managedSlowMs`)).toBe(true)
    await call('GET', `${group}/ipAddresses`)
  })

  test('no answer of these differed from Atlas, and every operation was among them', () => {
    expect(witness.differences()).toEqual([])
    expect([...witness.covered()].sort()).toEqual([...machineOperations].sort())
  })

  test('every write left an event, with who acted and from where', () => {
    expect(events.problems()).toEqual([])
    expect(events.unseen(witness.covered())).toEqual([])
  })
})
