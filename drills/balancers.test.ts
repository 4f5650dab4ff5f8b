// What `postern edges export` prints is run as it is: by the real HAProxy and the real Envoy, where they are, with the
// official driver before them and two gateways behind, which judge the PROXY header that comes.

import { afterEach, expect, test } from 'vitest'
import { startClients } from '../packages/edge/src/gateway/testing/clients.ts'
import { type BalancerName, balancers, findBalancer, startBalancer } from './balancer.ts'
import { openDoorway, startGateway } from './doorway.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

test.for(Object.keys(balancers) as BalancerName[])(
  '%s: two gateways behind it are one, and either of them may end',
  async (name, context) => {
    const program = findBalancer(name)
    if (program === null || process.platform !== 'linux') {
      context.skip(`no ${name} on this machine; ${balancers[name].variable} names one`)
      return
    }
    const doorway = await openDoorway(['127.0.0.71', '127.0.0.72'], { behindBalancer: true })
    open.push(doorway)
    const gateways = await Promise.all(doorway.starts.map((start) => startGateway(start)))
    open.push({ close: () => Promise.all(gateways.map((gateway) => gateway.close(0))) })
    const balancer = await startBalancer(name, program, doorway)
    open.push(balancer)
    expect(balancer.complaint).toBeNull()

    const clients = await startClients(doorway.uri, { writers: 8, readers: 4 }, { lookup: doorway.lookup })
    open.push(clients)
    await clients.goOn(200)
    for (const gateway of gateways) {
      const where = { endpointIds: ['endpoint-1'], clusterId: null, appName: null, connectionId: null }
      const { count, connections } = await gateway.answer({ id: 'q', do: 'list', where, from: 0, limit: 1 })
      expect(count).toBeGreaterThan(0)
      expect(count).toBe(gateway.stats().open)
      expect(connections[0]?.source).toMatch(/^127\.0\.0\.1:\d+$/)
    }
    for (const [at, start] of doorway.starts.entries()) {
      await gateways[at]?.close(2_000)
      await clients.goOn(200)
      gateways[at] = await startGateway(start)
      await clients.goOn(200)
    }
    expect(clients.failed).toEqual([])
  },
)
