// What an edge with an identity is sent and counted for, and whose it is.

import 'reflect-metadata'
import { describe, expect, test } from 'vitest'
import { testHttpParts } from '../../http/testing.ts'
import { createGroup } from '../group/create.ts'
import type { View } from '../private-endpoint/testing.ts'
import { knownGateways } from './ask.ts'
import {
  askNewer,
  attached,
  edgesNow,
  enrol,
  enrolled,
  journey,
  newToken,
  open,
  own,
  revoke,
  secret,
} from './enrolled.testing.ts'

describe('what an edge is sent', () => {
  test('only the feeds that it was enrolled for', async () => {
    await enrolled('gateway-1')
    const dns = { method: 'GET', path: `${own}/edges/gateway-1/snapshots/dns`, as: null }
    expect(await journey.ask({ ...dns, headers: { authorization: `Bearer ${secret}` } })).toMatchObject({
      status: 403,
      body: { errorCode: 'POSTERN_EDGE_NOT_FOR_THAT' },
    })
  })

  test('never a credential of a deployment or a password of a database user, in whichever feed', async () => {
    const access = { user: 'dba-of-theirs', password: 'password-of-their-dba' }
    const { seal, ids } = journey.parts
    const id = ids.objectId()
    await journey.newCluster('Cluster0', 3, {
      access: JSON.stringify({ sealed: seal.close(id, JSON.stringify(access)), user: access.user }),
    })
    await attached()
    const edge = await enrolled('gateway-1', { programs: ['gateway', 'dns', 'forwarder'] })
    for (const feed of ['gateway', 'dns', 'forwarder'] as const) {
      const text = JSON.stringify(await edge.fetch(feed))
      expect(text).not.toMatch(/password|dba-of-theirs|sealed|private/i)
    }
    expect((await edge.fetch('gateway')).body.clusters).toHaveLength(1)
  })

  test('only what belongs to its projects; and only what they serve waits for it', async () => {
    const { parts, orgId, groupId } = journey
    const other = await open.store.transact((tx) =>
      createGroup(tx, parts, {
        orgId,
        name: 'Other',
        tags: [],
        withDefaultAlertsSettings: true,
        owners: [],
        actor: null,
        sourceAddress: null,
      }),
    )
    await journey.newCluster('Cluster0', 1)
    const endpoint = await attached()
    await journey.edge('edge-1').takeOver()
    const foreign = await enrolled('gateway-1', { groupIds: [other] })
    const { epoch, n, body } = await foreign.fetch('gateway')
    expect(body).toEqual({ listeners: [], endpoints: [], clusters: [] })
    await foreign.report('gateway', { epoch, n: 0, bound: [], failed: [] })
    const second = await attached('EU_WEST_1')
    await journey.edge('edge-1').takeOver()
    expect(await journey.get(second)).toMatchObject({ connectionStatus: 'AVAILABLE', errorMessage: null })
    expect((await journey.get(endpoint)).connectionStatus).toBe('AVAILABLE')
    expect(n).toBeGreaterThan(0)

    await enrol('gateway-1', await newToken('gateway-1', { groupIds: [groupId] }))
    const now = (await journey.edge('gateway-1', secret).fetch('gateway')).body
    expect([now.endpoints.length, now.listeners.length, now.clusters.length]).toEqual([2, 2, 1])
  })

  test('of projects that the owner of the token does not own: 404; and with more than a gateway: 400', async () => {
    const path = `${own}/edges/gateway-1/enrolment`
    const ask = (body: object) => journey.ask({ method: 'POST', path, body })
    expect((await ask({ groupIds: ['0'.repeat(24)] })).status).toBe(404)
    const wide = await ask({ groupIds: [journey.groupId], programs: ['gateway', 'dns'] })
    expect([wide.status, (wide.body as View).errorCode]).toEqual([400, 'INVALID_ATTRIBUTE'])
    expect(await edgesNow()).toEqual([])
  })

  test('of a project that it does not serve it is asked nothing, and what it counted there counts for nothing', async () => {
    const { parts, orgId, groupId } = journey
    const [endpoint, other] = [
      await attached(),
      await open.store.transact((tx) =>
        createGroup(tx, parts, {
          orgId,
          name: 'Other',
          tags: [],
          withDefaultAlertsSettings: true,
          owners: [],
          actor: null,
          sourceAddress: null,
        }),
      ),
    ]
    const foreign = await enrolled('gateway-1', { groupIds: [other] })
    await foreign.fetch('gateway')
    expect(await knownGateways(parts, groupId)).toEqual({ live: [], silent: [] })
    expect(await knownGateways(parts, other)).toEqual({ live: ['gateway-1'], silent: [] })
    const { id: endpointId } = await open.store.read
      .selectFrom('private_endpoint')
      .select('id')
      .executeTakeFirstOrThrow()
    const counts = { bytesFromClient: 1, bytesFromMember: 1, connections: 4711, newConnections: 4711, refused: 0 }
    const traffic = { run: 'a'.repeat(16), n: 1, endpoints: [{ endpointId, ...counts }] }
    const report = { epoch: 'E', n: 0, bound: [], failed: [], traffic }
    await foreign.report('gateway', report)
    expect(await open.store.read.selectFrom('edge_traffic').selectAll().execute()).toEqual([])
    await journey.edge('edge-1').report('gateway', { ...report, traffic: { ...traffic, run: 'b'.repeat(16) } })
    expect(await open.store.read.selectFrom('edge_traffic').select('connections').execute()).toHaveLength(1)
    // What it had while it served the project is over when it is not heard of there any more.
    const scope = JSON.stringify([groupId])
    await open.store.transact((tx) => tx.updateTable('edge_identity').set({ group_ids: scope }).execute())
    await foreign.report('gateway', { ...report, traffic: { ...traffic, n: 2 } })
    await open.store.transact((tx) =>
      tx
        .updateTable('edge_identity')
        .set({ group_ids: JSON.stringify([other]) })
        .execute(),
    )
    await foreign.report('gateway', { ...report, traffic: { run: 'c'.repeat(16), n: 1, endpoints: [] } })
    const points = open.store.read.selectFrom('traffic_point').select('connections').where('edge', '=', 'gateway-1')
    expect((await points.execute()).map(({ connections }) => Number(connections))).toEqual([0])
    expect(endpoint).toContain(groupId)
  })
})

describe('beside others who own organizations', () => {
  test('beside the organization of others, a gateway serves its owner’s alone, and DNS is for who owns them all', async () => {
    await open.store.transact((tx) =>
      tx
        .insertInto('organization')
        .values({ id: 'f'.repeat(24), name: 'Others', created: new Date() })
        .execute(),
    )
    await enrolled('gateway-1')
    expect((await edgesNow())[0].identity.serves).toEqual({
      programs: ['gateway'],
      orgIds: [journey.orgId],
      groupIds: null,
    })
    const path = `${own}/edges/dns-1/enrolment`
    expect(await journey.ask({ method: 'POST', path, body: { programs: ['dns'] } })).toMatchObject({
      status: 403,
      body: { errorCode: 'POSTERN_EDGE_NEEDS_EVERY_ORG' },
    })
  })

  test.each(['edge_identity', 'edge_enrolment'] as const)(
    'an edge of others (%s) is neither revoked nor replaced nor forgotten',
    async (table) => {
      if (table === 'edge_identity') await enrolled('gateway-1')
      else await newToken('gateway-1')
      await open.store.transact(async (tx) => {
        const id = 'f'.repeat(24)
        await tx.insertInto('organization').values({ id, name: 'Others', created: new Date() }).execute()
        await tx
          .updateTable(table)
          .set({ owner_org_ids: JSON.stringify([id]) })
          .execute()
      })
      const refused = { status: 403, body: { errorCode: 'POSTERN_EDGE_OF_OTHERS' } }
      expect(await revoke('gateway-1')).toMatchObject(refused)
      const path = `${own}/edges/gateway-1/enrolment`
      expect(await journey.ask({ method: 'POST', path, body: {} })).toMatchObject(refused)
      expect(await journey.ask({ method: 'DELETE', path: `${own}/edges/gateway-1` })).toMatchObject(refused)
      expect(await open.store.read.selectFrom(table).select('edge').execute()).toEqual([{ edge: 'gateway-1' }])
    },
  )

  test('the name of an edge that serves everybody by the shared token is taken by nobody who owns a part', async () => {
    await journey.edge('gateway-1').report('gateway', { epoch: 'E', n: 1, bound: [], failed: [] })
    const path = `${own}/edges/gateway-1/enrolment`
    await newToken('gateway-1')
    await revoke('gateway-1')
    await open.store.transact((tx) =>
      tx
        .insertInto('organization')
        .values({ id: 'f'.repeat(24), name: 'Others', created: new Date() })
        .execute(),
    )
    expect(await journey.ask({ method: 'POST', path, body: {} })).toMatchObject({
      status: 403,
      body: { errorCode: 'POSTERN_EDGE_OF_OTHERS' },
    })
    await newToken('gateway-2')
    const forget = () => journey.ask({ method: 'DELETE', path: `${own}/edges/gateway-1` })
    expect(await forget()).toMatchObject({ status: 403, body: { errorCode: 'POSTERN_EDGE_OF_OTHERS' } })
    // Once nothing is heard of it, what waits for it is everybody's.
    await journey.pass(61_000)
    expect((await forget()).status).toBe(204)
  })

  test('the name of an edge whose organizations are all gone is nobody’s', async () => {
    await enrolled('gateway-1')
    await open.store.transact((tx) =>
      tx
        .updateTable('edge_identity')
        .set({ owner_org_ids: JSON.stringify(['e'.repeat(24)]) })
        .execute(),
    )
    expect((await revoke('gateway-1')).status).toBe(204)
    expect((await journey.ask({ method: 'DELETE', path: `${own}/edges/gateway-1` })).status).toBe(204)
  })

  test('a program that shares the name and came by the shared token asks again when another enrols, and is not revoked', async () => {
    const { epoch, n } = await journey.edge('gateway-1').fetch('dns')
    await journey.edge('gateway-1').report('gateway', { epoch, n, bound: ['15000'], failed: [] })
    const waiting = askNewer('dns', { epoch, n }, testHttpParts.edgeToken)
    await enrolled('gateway-1')
    expect((await waiting).status).toBe(401)
    const rows = await open.store.read.selectFrom('edge_report').select(['n', 'bound']).execute()
    expect(rows.every((row) => row.n === 0 && JSON.stringify(row.bound) === '[]')).toBe(true)
  })
})
