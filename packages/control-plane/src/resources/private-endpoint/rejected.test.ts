// What is taken on, and ends REJECTED.

import { describe, expect, test } from 'vitest'
import {
  attach,
  dummy,
  endpoint,
  journey,
  open,
  path,
  remove,
  service,
  vpcEndpoint,
  working,
} from './aws-service.testing.ts'

describe('what its cloud does not know, or will not have, ends REJECTED with a sentence', () => {
  test('one that nobody made; final, also when it appears later', async () => {
    await attach(dummy)
    await journey.settle()
    const rejected = await endpoint(dummy)
    expect(rejected).toMatchObject({ connectionStatus: 'REJECTED', deleteRequested: false })
    expect(rejected.errorMessage).toContain(`The VPC endpoint ${dummy} does not exist`)
    await open.store.transact((tx) =>
      tx
        .insertInto('local_endpoint')
        .values({
          id: 'a',
          provider: 'AWS',
          cloud_id: dummy,
          region: 'US_EAST_1',
          target: service.endpointServiceName,
          link_id: dummy,
          hosts: '["127.64.0.1"]',
          first_port: 1024,
          port_count: 50,
          form: 'address',
          state: 'pending',
          properties: '{"address":null}',
          created: new Date(),
        })
        .execute(),
    )
    const row = await open.store.read.selectFrom('private_endpoint').select('id').executeTakeFirstOrThrow()
    journey.parts.woken.push({ kind: 'privateEndpoint', id: row.id })
    await journey.settle()
    expect(await endpoint(dummy)).toEqual(rejected)
  })

  test('one that was made for another service; its owner’s own attachment is not disturbed', async () => {
    const id = await working()
    const other = await journey.newService({ providerName: 'AWS', region: 'eu-west-1' })
    const at = journey.servicePath('AWS', other.id)
    expect((await attach(id, at)).status).toBe(201)
    await journey.settle()
    const rejected = await journey.get(`${at}/endpoint/${id}`)
    expect(rejected.connectionStatus).toBe('REJECTED')
    expect(rejected.errorMessage).toContain(`was made for ${service.endpointServiceName}`)
    expect((await endpoint(id)).connectionStatus).toBe('AVAILABLE')
  })

  test('one that is named fail-accept: the failure that anybody can look at', async () => {
    const id = await vpcEndpoint({ tags: { Name: 'fail-accept' } })
    await attach(id)
    await journey.settle()
    expect(await endpoint(id)).toMatchObject({
      connectionStatus: 'REJECTED',
      errorMessage: expect.stringContaining('fail-accept'),
    })
  })

  test('one that worked and was deleted in its cloud: REJECTED, and out of the gateway', async () => {
    const id = await working()
    const gone = await journey.ask({ method: 'DELETE', path: `/api/postern/v1/local/aws/vpcEndpoints/${id}` })
    expect(gone.status).toBe(204)
    await journey.settle()
    expect(await endpoint(id)).toMatchObject({
      connectionStatus: 'REJECTED',
      errorMessage: expect.stringContaining('was deleted in its cloud'),
    })
    const edge = journey.edge('edge-1')
    expect((await edge.fetch('gateway')).body.endpoints).toEqual([])
    expect((await edge.fetch('forwarder')).body.listeners).toEqual([])
  })

  test('deleted and added again, a wrong one is corrected, and the service stays', async () => {
    await attach(dummy)
    await journey.settle()
    await remove(dummy)
    await journey.settle()
    expect((await journey.ask({ method: 'GET', path: `${path}/endpoint/${dummy}` })).status).toBe(404)
    expect((await journey.get(path)).status).toBe('AVAILABLE')
    await working()
  })
})
