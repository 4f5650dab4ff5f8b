// The doctor at a cloud that is slow, busy, full or away: what passes by itself is told from what lasts.

import type { BodyInputOf } from '@postern/contract/schemas/operations'
import { afterAll, afterEach, beforeAll, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { anyForm } from './attached.ts'
import { provesItsChecks } from './doctor-proof.ts'
import { createShell, doctorAt, type Examined, findingOf, names, warns } from './examined.ts'
import { startForTest } from './running.ts'

let running: Running
let doctor: ReturnType<typeof doctorAt>['doctor']
let paste: Awaited<ReturnType<typeof createShell>>
let groupId: string

beforeAll(async () => {
  running = await startForTest({ sample: true, testing: true })
  doctor = doctorAt(running, []).doctor
  paste = await createShell(running)
  groupId = running.bootstrap.groupId
})
afterEach(() => running.client.call('deleteTestingFaults'))
afterAll(() => running?.stop())

const fault = (body: BodyInputOf<'createTestingFault'>) => running.client.call('createTestingFault', { body })

async function service(region: string): Promise<string> {
  const { body } = await running.client.call('createGroupPrivateEndpointEndpointService', {
    params: { groupId },
    body: { providerName: 'AWS', region },
  })
  return body.id
}

/** Asks until the finding says that. */
const told = (subject: string, words: RegExp): Promise<Examined> =>
  until(`${subject}: ${words}`, 20_000, async () => {
    const examined = await doctor([subject])
    return examined.findings.some(({ found }) => words.test(found)) ? examined : undefined
  })

const becomesWell = (subject: string): Promise<true> =>
  until(`${subject} being well`, 20_000, async () => ((await doctor([subject])).found.length === 0 ? true : undefined))

/** Made for the service and attached to it, whatever becomes of it. */
async function attached(endpointServiceId: string): Promise<string> {
  const at = { groupId, endpointServiceId }
  await until('the service being made', 20_000, async () => {
    const { body } = await running.client.call('getGroupPrivateEndpointEndpointService', {
      params: { ...at, cloudProvider: 'AWS' },
    })
    return body.status === 'AVAILABLE' ? true : undefined
  })
  const { endpointId, body } = await anyForm.createConsumer(running.client, at)
  const params = { ...at, cloudProvider: 'AWS' }
  await running.client.call('createGroupPrivateEndpointEndpointServiceEndpoint', { params, body })
  return endpointId
}

test('busy, which passes: a service is tried again, and what the cloud says is told', async () => {
  await fault({ name: 'operation-in-progress', provider: 'AWS', region: 'EU_WEST_1', times: 1_000_000 })
  const id = await service('eu-west-1')
  const examined = await told(
    id,
    /tries failed: IdempotentOperationInProgress: another operation on this resource is going on;/,
  )
  warns(examined, 'service-made')
  warns(await doctor(), 'service-made')
  await running.client.call('deleteTestingFaults')
  await until('the service being made', 20_000, async () =>
    (await doctor([id])).found.includes('service-made') ? undefined : true,
  )
})

test('busy while an endpoint is to be accepted', async () => {
  const id = await service('eu-west-2')
  await until('the service being made', 20_000, async () =>
    (await doctor([id])).found.includes('service-made') ? undefined : true,
  )
  await fault({ name: 'operation-in-progress', provider: 'AWS', region: 'EU_WEST_2', times: 1_000_000 })
  const endpointId = await attached(id)
  warns(
    await told(endpointId, /not AVAILABLE after .*tries failed: IdempotentOperationInProgress/),
    'endpoint-accepted',
  )
  await running.client.call('deleteTestingFaults')
  await becomesWell(endpointId)
})

test('away: that it does not answer', async () => {
  const id = await service('eu-west-3')
  await until('the service being made', 20_000, async () =>
    (await doctor([id])).found.includes('service-made') ? undefined : true,
  )
  await fault({ name: 'slow-cloud', provider: 'AWS', region: 'EU_WEST_3', ms: 3_600_000 })
  const endpointId = await attached(id)
  warns(await told(endpointId, /it is accepted, and its cloud connects it by 20/), 'endpoint-accepted')
  await fault({ name: 'cloud-away', provider: 'AWS', region: 'EU_WEST_3' })
  warns(await told(endpointId, /its cloud does not answer/), 'endpoint-accepted')
})

test('full, which lasts: the service is FAILED, and tried again when there is room', async () => {
  await fault({ name: 'region-full', provider: 'AWS', region: 'EU_CENTRAL_1' })
  const id = await service('eu-central-1')
  const examined = await told(id, /is FAILED: The region has no capacity/)
  names(examined, 'service-made')
  await running.client.call('deleteTestingFaults')
  await paste(findingOf(examined, 'service-made').command)
  await until('the service being made', 20_000, async () =>
    (await doctor([id])).found.includes('service-made') ? undefined : true,
  )
})

provesItsChecks('faults')
