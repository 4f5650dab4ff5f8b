// Every drill by the name under which it is run: `npm run drill -- NAME`.

import { startClients } from '../packages/edge/src/gateway/testing/clients.ts'
import { openDoorway, startGateway } from './doorway.ts'
import { type Drill, withOpen } from './drill.ts'
import { startGatewayProcess } from './killed.ts'
import { underLoad } from './load.ts'

const drainMs = 2_000
const one = ['127.0.0.71']
const two = ['127.0.0.71', '127.0.0.72']

export const drills: Readonly<Record<string, Drill>> = {
  restart: {
    fault: 'the only gateway is restarted under load, on the same ports',
    promise: 'a driver that retries sees no error; it waits until the gateway is back',
    run: (times, tell) =>
      underLoad(one, times, async ({ doorway, gateways }) => {
        await gateways[0]?.close(drainMs)
        tell('the gateway ended in good order')
        gateways[0] = await startGateway(doorway.starts[0] as (typeof doorway.starts)[0])
        tell('and is started again')
      }),
  },

  'lose-gateway': {
    fault: 'two gateways serve one name, and one of them ends in good order',
    promise: 'a driver that retries sees no error; it goes on through the other',
    run: (times, tell) =>
      underLoad(two, times, async ({ doorway, clients, gateways, turn }) => {
        const lost = turn % 2
        tell(`connections at each: ${gateways.map((gateway) => gateway.connections().length).join(' and ')}`)
        await gateways[lost]?.close(drainMs)
        await clients.goOn(100)
        tell(`gateway ${lost} ended; all go on through the other`)
        gateways[lost] = await startGateway(doorway.starts[lost] as (typeof doorway.starts)[0])
      }),
  },

  'kill-gateway': {
    fault: 'two gateways serve one name, and one of them is killed (kill -9), with reads and writes on their way',
    promise:
      'reads and what is asked after it see no error; a write that was on its way may end in one, as it does without a gateway',
    run: (times, tell) =>
      withOpen(async (keep) => {
        const doorway = keep(await openDoorway(two))
        const processes = await Promise.all(doorway.starts.map(startGatewayProcess))
        keep({ close: () => Promise.all(processes.map((gateway) => gateway.close())) })
        const work = { writers: 8, readers: 4 }
        const broken: string[] = []
        let [writes, direct] = [0, 0]
        for (let turn = 0; turn < times; turn++) {
          const lost = turn % 2
          const through = await startClients(doorway.uri, work, { lookup: doorway.lookup })
          await through.goOn(100)
          await processes[lost]?.kill()
          tell(`gateway ${lost} is killed`)
          await through.goOn(100)
          const before = through.failed.length
          await through.goOn(100)
          await through.close()
          writes += through.failed.filter(({ what }) => what === 'write').length
          const wrong = through.failed.filter(({ what }, index) => what === 'read' || index >= before)
          broken.push(...wrong.map(({ what, error }) => `a ${what} ended in ${error}`))
          processes[lost] = await startGatewayProcess(doorway.starts[lost] as (typeof doorway.starts)[0])

          const beside = await startClients(doorway.directUri, work)
          await beside.goOn(100)
          for (const socket of doorway.set.members[0]?.sockets ?? []) socket.destroy()
          await beside.goOn(100)
          await beside.close()
          direct += beside.failed.length
        }
        tell(`writes that ended in an error: ${writes}; of as many clients whose member cut them off itself: ${direct}`)
        return { counted: { rounds: times, writesFailed: writes, writesFailedWithoutGateway: direct }, broken }
      }),
  },
}
