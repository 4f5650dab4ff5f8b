// How an edge's identity ends: what it is told, what it leaves unserved, and how it is forgotten.

import 'reflect-metadata'
import { describe, expect, test } from 'vitest'
import type { Caller } from '../../http/testing.ts'
import {
  askNewer,
  attached,
  edgesNow,
  enrolled,
  fetchGateway,
  journey,
  newToken,
  open,
  own,
  revoke,
  secret,
} from './enrolled.testing.ts'

describe('an edge that was revoked', () => {
  test('is told so and sent nothing; who is not it learns nothing', async () => {
    await enrolled('gateway-1')
    expect((await revoke('gateway-1')).status).toBe(204)
    expect(await fetchGateway('gateway-1', secret)).toMatchObject({
      status: 410,
      body: { errorCode: 'POSTERN_EDGE_REVOKED' },
    })
    expect((await fetchGateway('gateway-1', 'nonsense')).status).toBe(401)
    expect(await edgesNow()).toMatchObject([{ edge: 'gateway-1', state: 'REVOKED' }])
  })

  test('while it waits in a poll is answered at once, and with nothing of what is published then', async () => {
    const edge = await enrolled('gateway-1')
    const { epoch, n } = await edge.fetch('gateway')
    const waiting = askNewer('gateway', { epoch, n }, secret)
    await revoke('gateway-1')
    expect((await waiting).status).toBe(410)
  })

  test('leaves its endpoints unserved, which they say, until another gateway serves them', async () => {
    await journey.newCluster('Cluster0', 1)
    const endpoint = await attached()
    const edge = await enrolled('gateway-1', { programs: ['gateway', 'dns', 'forwarder'] })
    await edge.takeOver()
    expect(await journey.get(endpoint)).toMatchObject({ connectionStatus: 'AVAILABLE', errorMessage: null })
    await revoke('gateway-1')
    await journey.settle()
    expect(await journey.get(endpoint)).toMatchObject({
      connectionStatus: 'AVAILABLE',
      errorMessage: expect.stringContaining('edge gateway-1 was revoked'),
    })
    await journey.edge('gateway-2').takeOver()
    expect(await journey.get(endpoint)).toMatchObject({ connectionStatus: 'AVAILABLE', errorMessage: null })
  })

  test('was seen to leave them unserved before, and to leave none where another gateway serves them', async () => {
    await journey.newCluster('Cluster0', 1)
    const endpoint = await attached()
    const removal = async (edge: string) => journey.get(`${own}/edges/${edge}/removal`)
    await newToken('gateway-1')
    expect(await removal('gateway-1')).toMatchObject({ unserved: [], totalCount: 0 })
    const edge = await enrolled('gateway-1', { programs: ['gateway', 'dns', 'forwarder'] })
    expect(await removal('gateway-1')).toMatchObject({ unserved: [], totalCount: 0 })
    await edge.takeOver()
    const { interfaceEndpointId } = await journey.get(endpoint)
    const all = { unserved: [{ groupId: journey.groupId, endpointId: interfaceEndpointId }], totalCount: 1 }
    expect(await removal('gateway-1')).toMatchObject(all)
    // A gateway beside it is not enough, where it runs the forwarder too; another of both is, for as long as it is heard.
    const gateway = await enrolled('gateway-2')
    await gateway.fetch('gateway')
    expect(await removal('gateway-1')).toMatchObject(all)
    expect(await removal('gateway-2')).toMatchObject({ unserved: [], totalCount: 0 })
    await journey.edge('gateway-3').takeOver()
    expect(await removal('gateway-1')).toMatchObject({ unserved: [] })
    await journey.pass(61_000)
    await edge.takeOver()
    expect(await removal('gateway-1')).toMatchObject(all)
    await revoke('gateway-1')
    expect(await removal('gateway-1')).toMatchObject({ unserved: [] })
    expect(await journey.ask({ method: 'GET', path: `${own}/edges/gateway-9/removal` })).toMatchObject({
      status: 404,
      body: { errorCode: 'POSTERN_EDGE_NOT_FOUND' },
    })
  })

  test('whose removal is looked at by an owner: what is unserved is told of projects that they see, and of no others', async () => {
    await journey.newCluster('Cluster0', 1)
    await attached()
    await (await enrolled('gateway-1', { programs: ['gateway', 'dns', 'forwarder'] })).takeOver()
    const seen = async (as?: Caller) =>
      (await journey.ask({ method: 'GET', path: `${own}/edges/gateway-1/removal`, ...(as && { as }) })).body
    expect(await seen()).toMatchObject({ unserved: [{ groupId: journey.groupId }], totalCount: 1 })
    const id = 'f'.repeat(24)
    await open.store.transact(async (tx) => {
      await tx.insertInto('organization').values({ id, name: 'Others', created: new Date() }).execute()
      await tx.updateTable('group').set({ org_id: id }).execute()
    })
    expect(await seen()).toMatchObject({ unserved: [], totalCount: 0 })
    const guest = await journey.newCaller('API_KEY', { org: ['ORG_OWNER'], group: ['GROUP_READ_ONLY'] })
    expect(await seen(guest)).toMatchObject({ unserved: [{ groupId: journey.groupId }], totalCount: 1 })
  })

  test('is not waited for by an endpoint that goes', async () => {
    const endpoint = await attached()
    const edge = await enrolled('gateway-1', { programs: ['gateway', 'dns', 'forwarder'] })
    await edge.takeOver()
    await journey.ask({ method: 'DELETE', path: endpoint })
    await journey.settle()
    expect((await journey.get(endpoint)).connectionStatus).toBe('DELETING')
    await revoke('gateway-1')
    await journey.settle()
    expect((await journey.ask({ method: 'GET', path: endpoint })).status).toBe(404)
  })

  test('may enrol again', async () => {
    await enrolled('gateway-1')
    await revoke('gateway-1')
    await enrolled('gateway-1')
    expect((await fetchGateway('gateway-1', secret)).status).toBe(200)
  })

  test('is forgotten on demand; one that stands is not', async () => {
    await enrolled('gateway-1')
    const forget = () => journey.ask({ method: 'DELETE', path: `${own}/edges/gateway-1` })
    expect((await forget()).status).toBe(404)
    await revoke('gateway-1')
    expect((await forget()).status).toBe(204)
    expect(await edgesNow()).toEqual([])
    // It may have been away meanwhile, and serves until it is told.
    expect((await fetchGateway('gateway-1', secret)).status).toBe(410)
    await enrolled('gateway-1')
    expect((await fetchGateway('gateway-1', secret)).status).toBe(200)
  })

  test('and forgotten leaves its event with whoever owned it', async () => {
    await enrolled('gateway-1')
    await revoke('gateway-1')
    await journey.ask({ method: 'DELETE', path: `${own}/edges/gateway-1` })
    const told = await open.store.read
      .selectFrom('event')
      .select('org_id')
      .where('type', '=', 'EDGE_FORGOTTEN')
      .execute()
    expect(told).toEqual([{ org_id: journey.orgId }])
  })

  test('must have enrolled: the token that edges share belongs to nobody', async () => {
    await journey.edge('gateway-1').fetch('gateway')
    expect(await revoke('gateway-1')).toMatchObject({
      status: 409,
      body: { errorCode: 'POSTERN_EDGE_NOT_ENROLLED' },
    })
    expect(await revoke('nobody')).toMatchObject({ status: 404, body: { errorCode: 'POSTERN_EDGE_NOT_FOUND' } })
  })
})
