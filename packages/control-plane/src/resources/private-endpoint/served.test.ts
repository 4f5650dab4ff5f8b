// When an endpoint is AVAILABLE, and what it says while it is not served.

import { describe, expect, test } from 'vitest'
import { attach, begin, endpoint, journey, lookAgain, remove, vpcEndpoint, working } from './aws-service.testing.ts'
import { someEdgeFails } from './due.ts'

describe('AVAILABLE only when every live edge serves it', () => {
  test('while the cloud takes its time it is PENDING_ACCEPTANCE', async () => {
    await begin({ settings: { localProvisionMs: 300 } })
    await journey.pass(300)
    expect((await lookAgain()).status).toBe('AVAILABLE')
    const id = await vpcEndpoint()
    await attach(id)
    await journey.settle()
    expect((await endpoint(id)).connectionStatus).toBe('PENDING_ACCEPTANCE')
    expect((await journey.get('/api/postern/v1/local/aws/vpcEndpoints')).results[0].state).toBe('pending')
    await journey.pass(300)
    expect((await endpoint(id)).connectionStatus).toBe('PENDING')
    expect((await journey.get('/api/postern/v1/local/aws/vpcEndpoints')).results[0].state).toBe('available')
  })

  test('two edges: both must have it', async () => {
    await journey.edge('edge-2').takeOver()
    const id = await vpcEndpoint()
    await attach(id)
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    expect((await endpoint(id)).connectionStatus).toBe('PENDING')
    await journey.edge('edge-2').takeOver()
    expect((await endpoint(id)).connectionStatus).toBe('AVAILABLE')
  })

  test('a file of listeners that is wrong somewhere makes no turn ask for reports; a port that is taken does', async () => {
    const { groupId, parts } = journey
    const edge = journey.edge('edge-1')
    const { epoch, n } = await edge.fetch('gateway')
    const waits = { id: 'POSTERN_GATEWAY_LISTENERS', reason: 'the listener waits' }
    const fails = async (...failed: readonly { id: string; reason: string }[]) => {
      await edge.report('gateway', { epoch, n, bound: [], failed })
      return someEdgeFails(parts.store.read, { groupId })
    }
    expect(await fails()).toBe(false)
    expect(await fails(waits)).toBe(false)
    expect(await fails(waits, { id: '40001', reason: 'in use' })).toBe(true)
  })

  test('a gateway that listens for its clients itself needs no forwarder, and says where it cannot', async () => {
    await journey.newCluster('Cluster0', 1)
    const id = await vpcEndpoint()
    await attach(id)
    await journey.settle()
    const gateway = journey.edge('edge-1')
    const { epoch, n, body } = await gateway.fetch('gateway')
    const own = body.endpoints[0]?.id ?? ''
    const ports = body.listeners.map(({ gatewayPort }) => String(gatewayPort))
    const say = async (bound: readonly string[], failed: readonly { id: string; reason: string }[] = []) => {
      await gateway.report('gateway', { epoch, n, bound, failed })
      await journey.settle()
      return endpoint(id)
    }
    expect((await say(ports)).connectionStatus).toBe('PENDING')
    const reason = '192.0.2.10 is no address of this machine'
    expect(await say([...ports, `own:${own}`], [{ id: own, reason }])).toMatchObject({
      connectionStatus: 'PENDING',
      errorMessage: expect.stringContaining(reason),
    })
    expect(await say([...ports, `own:${own}`])).toMatchObject({ connectionStatus: 'AVAILABLE', errorMessage: null })
    expect(await say(ports, [{ id: own, reason }])).toMatchObject({
      connectionStatus: 'AVAILABLE',
      errorMessage: expect.stringContaining(reason),
    })
    await remove(id)
    await journey.settle()
    await gateway.report('gateway', { epoch, n: n + 1, bound: [], failed: [] })
    await journey.settle()
    expect((await endpoint(id)).connectionStatus).toBeUndefined()
  })

  test('a listener that cannot be bound is told in errorMessage; bound later, all is well', async () => {
    await journey.newCluster('Cluster0', 1)
    const id = await vpcEndpoint()
    await attach(id)
    await journey.settle()
    await journey.edge('edge-1').takeOver({ [`${id}:0`]: 'port 1024 of 127.64.0.1 is in use' })
    expect(await endpoint(id)).toMatchObject({
      connectionStatus: 'PENDING',
      errorMessage: expect.stringContaining('port 1024 of 127.64.0.1 is in use'),
    })
    await journey.edge('edge-1').takeOver()
    expect(await endpoint(id)).toMatchObject({ connectionStatus: 'AVAILABLE', errorMessage: null })
  })

  test('one that stands and whose listener is lost says so, stays AVAILABLE, and takes it back when it is served', async () => {
    await journey.newCluster('Cluster0', 1)
    const [id, other] = [await working(), await working()]
    const [port] = (await journey.edge('edge-1').fetch('gateway')).body.listeners.map(({ gatewayPort }) => gatewayPort)
    for (const [listener, both] of [
      [`${id}:0`, false],
      [String(port), true],
    ] as const) {
      await journey.edge('edge-1').takeOver({ [listener]: 'it is in use by another program' })
      const told = { connectionStatus: 'AVAILABLE', errorMessage: expect.stringContaining('in use by another program') }
      expect(await endpoint(id)).toMatchObject(told)
      expect((await endpoint(other)).errorMessage !== null).toBe(both)
      await journey.edge('edge-1').takeOver()
      expect(await endpoint(id)).toMatchObject({ connectionStatus: 'AVAILABLE', errorMessage: null })
      expect(await endpoint(other)).toMatchObject({ connectionStatus: 'AVAILABLE', errorMessage: null })
    }
  })

  test('names are counted up per group and never used again', async () => {
    const names = async () =>
      (await journey.edge('edge-1').fetch('gateway')).body.endpoints.flatMap(({ names: all }) => all)
    const first = await working()
    await working()
    expect((await names()).map((name) => name.split('.')[0]).toSorted()).toEqual(['pl-0-us-east-1', 'pl-1-us-east-1'])
    await remove(first)
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    await working()
    expect((await names()).map((name) => name.split('.')[0]).toSorted()).toEqual(['pl-1-us-east-1', 'pl-2-us-east-1'])
  })
})
