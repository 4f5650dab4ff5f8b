// How an endpoint goes, and what goes with it.

import { describe, expect, test } from 'vitest'
import {
  attach,
  begin,
  dummy,
  endpoint,
  journey,
  open,
  path,
  remove,
  vpcEndpoint,
  working,
} from './aws-service.testing.ts'
import type { View } from './testing.ts'

describe('deleting an endpoint', () => {
  test('an edge that is silent is named, and holds it up until it is removed', async () => {
    await journey.edge('edge-2').takeOver()
    const id = await vpcEndpoint()
    await attach(id)
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    await journey.edge('edge-2').takeOver()
    await remove(id)
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    expect(await endpoint(id)).toMatchObject({ connectionStatus: 'DELETING', errorMessage: null })
    await journey.pass(61_000)
    const waiting = await endpoint(id)
    expect(waiting.connectionStatus).toBe('DELETING')
    expect(waiting.errorMessage).toContain('Edge edge-2 may still serve this endpoint')

    const edges = await journey.get('/api/postern/v1/edges')
    expect(edges.results.map(({ edge, state }: View) => [edge, state])).toContainEqual(['edge-2', 'SILENT'])
    const removed = await journey.ask({ method: 'DELETE', path: '/api/postern/v1/edges/edge-2' })
    expect(removed.status).toBe(204)
    await journey.settle()
    expect((await journey.ask({ method: 'GET', path: `${path}/endpoint/${id}` })).status).toBe(404)
    expect((await journey.ask({ method: 'DELETE', path: '/api/postern/v1/edges/edge-2' })).status).toBe(404)
  })

  test('an edge that was told of it is waited for, though it never said that it took it', async () => {
    const id = await working()
    await journey.edge('edge-2').fetch('gateway')
    await remove(id)
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    expect((await endpoint(id)).connectionStatus).toBe('DELETING')
    await journey.edge('edge-2').takeOver()
    expect((await journey.ask({ method: 'GET', path: `${path}/endpoint/${id}` })).status).toBe(404)
  })

  test('with nobody to serve it, it is gone at once; asked twice, it is 202 or 404', async () => {
    const id = await vpcEndpoint()
    await attach(id)
    await journey.settle()
    expect([(await remove(id)).status, (await remove(id)).status]).toEqual([202, 202])
    await journey.settle()
    expect((await remove(id)).status).toBe(404)
  })

  test('its service may be deleted with it: both go, in order', async () => {
    const id = await working()
    await remove(id)
    expect((await journey.ask({ method: 'DELETE', path })).status).toBe(202)
    await journey.settle()
    expect((await journey.get(path)).status).toBe('DELETING')
    await journey.edge('edge-1').takeOver()
    expect((await journey.ask({ method: 'GET', path })).status).toBe(404)
  })

  test('attached and its service deleted at once: one of the two is refused, whichever came second', async () => {
    const answers = await Promise.all([
      attach(dummy),
      journey.ask({ method: 'DELETE', path }),
      attach('vpce-22222222222222222'),
    ])
    const [first, deleted, second] = answers.map(({ status }) => status)
    if (deleted === 202) expect([first, second]).toEqual([409, 409])
    else expect([deleted, [first, second].includes(201)]).toEqual([409, true])
  })

  test('the last of two takes the service, the first does not', async () => {
    const [one, two] = [await working(), await working()]
    for (const [id, status] of [
      [one, 200],
      [two, 404],
    ] as const) {
      await remove(id)
      await journey.settle()
      await journey.edge('edge-1').takeOver()
      expect((await journey.ask({ method: 'GET', path })).status).toBe(status)
    }
  })

  test('by the setting, the service stays', async () => {
    await begin({ settings: { lastEndpointTakesService: false } })
    const id = await working()
    await remove(id)
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    expect((await journey.get(path)).status).toBe('AVAILABLE')
  })

  test('every change left its event', async () => {
    const id = await working()
    await remove(id)
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    const rows = await open.store.read.selectFrom('event').select(['type', 'actor_kind']).orderBy('id').execute()
    const told = rows.map(({ type, actor_kind }) => `${type} ${actor_kind}`).filter((text) => /ENDPOINT/.test(text))
    expect(told.toSorted()).toEqual([
      'ENDPOINT_SERVICE_AVAILABLE SYSTEM',
      'ENDPOINT_SERVICE_CREATED SERVICE_ACCOUNT',
      'ENDPOINT_SERVICE_DELETED SYSTEM',
      'INTERFACE_ENDPOINT_AVAILABLE SYSTEM',
      'INTERFACE_ENDPOINT_CREATED SERVICE_ACCOUNT',
      'INTERFACE_ENDPOINT_DELETED SERVICE_ACCOUNT',
    ])
  })
})
