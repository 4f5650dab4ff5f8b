// The doctor at what the clouds have and have not: services without endpoints, endpoints attached with a wrong id, in a
// region that is not accepted, before they are there, or not all of them. What it prints is pasted into a shell, and
// then nothing is wrong any more.

import { type CheckId, isNote } from '@postern/contract/diagnosis'
import type { BodyInputOf } from '@postern/contract/schemas/operations'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createService, type EndpointForm, endpointForms } from '../src/quickstart/forms.ts'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { provesItsChecks } from './doctor-proof.ts'
import { createShell, doctorAt, type Examined, elsewhere, findingOf, isWell, names, notes, warns } from './examined.ts'
import { startForTest } from './running.ts'

type AttachBody = BodyInputOf<'createGroupPrivateEndpointEndpointServiceEndpoint'>

let running: Running
let paste: Awaited<ReturnType<typeof createShell>>
let doctor: ReturnType<typeof doctorAt>['doctor']
let groupId: string

beforeAll(async () => {
  running = await startForTest({ sample: true })
  paste = await createShell(running)
  doctor = doctorAt(running, []).doctor
  groupId = running.bootstrap.groupId
})
afterAll(() => running?.stop())

const formOf = (provider: EndpointForm['provider'], over: Partial<EndpointForm> = {}): EndpointForm => {
  const form = endpointForms.find((each) => each.provider === provider)
  if (form === undefined) throw new Error(`no form of ${provider}`)
  return { ...form, ...over }
}

const service = (provider: EndpointForm['provider'], region: string, over: Partial<EndpointForm> = {}) =>
  createService(running.client, groupId, formOf(provider, { region, ...over }))

/** A VPC endpoint for the service, as its consumer makes it. */
async function vpcEndpoint(endpointServiceId: string, region?: string): Promise<string> {
  const { body } = await running.client.call('getGroupPrivateEndpointEndpointService', {
    params: { groupId, cloudProvider: 'AWS', endpointServiceId },
  })
  const serviceName = 'endpointServiceName' in body ? (body.endpointServiceName ?? '') : ''
  const made = await running.client.call('createLocalAwsVpcEndpoint', {
    body: { serviceName, ...(region === undefined ? {} : { region }) },
  })
  return made.body.vpcEndpointId
}

/** Attaches, and waits for the refusal. */
async function refused(cloudProvider: string, endpointServiceId: string, body: AttachBody): Promise<string> {
  const at = { groupId, endpointServiceId, cloudProvider }
  await running.client.call('createGroupPrivateEndpointEndpointServiceEndpoint', { params: at, body })
  const endpointId =
    'id' in body && body.id ? body.id : 'endpointGroupName' in body ? String(body.endpointGroupName) : ''
  await until('its refusal', 20_000, async () => {
    const { body: shown } = await running.client.call('getGroupPrivateEndpointEndpointServiceEndpoint', {
      params: { ...at, endpointId },
    })
    const status = shown.cloudProvider === 'AWS' ? shown.connectionStatus : shown.status
    return ['REJECTED', 'FAILED'].includes(status) ? true : undefined
  })
  return endpointId
}

const becomesWell = (subject: string): Promise<true> =>
  until(`${subject} being well`, 20_000, async () => ((await doctor([subject])).found.length === 0 ? true : undefined))

const commandOf = (examined: Examined, id: CheckId): string | null => findingOf(examined, id).command

const lastDigitChanged = (id: string): string => `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`

describe('a service that nobody uses', () => {
  test('is told what to create, then what to attach', async () => {
    const id = await service('AWS', 'eu-west-1')
    const nothing = await doctor([id])
    warns(nothing, 'service-used')
    notes(await doctor(), 'service-used')
    await paste(commandOf(nothing, 'service-used'))
    const made = await doctor([id])
    warns(made, 'service-used')
    expect(findingOf(made, 'service-used').found).toMatch(/vpce-\w+ was made for it and is not attached/)
    await paste(commandOf(made, 'service-used'))
    await becomesWell(id)
  })
})

describe('an endpoint that is refused', () => {
  test('with a wrong id: what was made for the service is found, and taken', async () => {
    const id = await service('AWS', 'eu-west-2')
    const right = await vpcEndpoint(id)
    const wrong = await refused('AWS', id, { id: lastDigitChanged(right) })
    const examined = await doctor([wrong])
    names(examined, 'endpoint-accepted')
    expect(findingOf(examined, 'endpoint-accepted').found).toMatch(new RegExp(`does not exist.*comes near: ${right}`))
    await paste(commandOf(examined, 'endpoint-accepted'))
    await becomesWell(right)
  })

  test('because it was made for another service', async () => {
    const [one, other] = [await service('AWS', 'eu-west-3'), await service('AWS', 'eu-north-1')]
    const stranger = await vpcEndpoint(one)
    await refused('AWS', other, { id: stranger })
    const examined = await doctor([stranger])
    names(examined, 'endpoint-accepted')
    expect(findingOf(examined, 'endpoint-accepted').found).toMatch(/was made for .*, not for this service/)
    expect(commandOf(examined, 'endpoint-accepted')).toBe(
      `postern local aws create-vpc-endpoint --endpoint-service-id ${other}`,
    )
    await paste(commandOf(examined, 'endpoint-accepted'))
    await paste(commandOf(await doctor([stranger]), 'endpoint-accepted'))
    await becomesWell(other)
  })

  test('because its region is not accepted: the region is added, and it is tried again', async () => {
    const id = await service('AWS', 'eu-central-1')
    const far = await refused('AWS', id, { id: await vpcEndpoint(id, 'us-west-2') })
    const examined = await doctor([far])
    names(examined, 'endpoint-accepted')
    expect(commandOf(examined, 'endpoint-accepted')).toContain('US_WEST_2')
    await paste(commandOf(examined, 'endpoint-accepted'))
    await becomesWell(far)
  })

  test('because it was attached before it was there', async () => {
    const id = await service('AZURE', 'westeurope')
    const { body } = await running.client.call('getGroupPrivateEndpointEndpointService', {
      params: { groupId, cloudProvider: 'AZURE', endpointServiceId: id },
    })
    const privateLinkServiceId = 'privateLinkServiceResourceId' in body ? (body.privateLinkServiceResourceId ?? '') : ''
    const early = await running.client.call('createLocalAzurePrivateEndpoint', {
      body: { name: 'pe-early', privateLinkServiceId },
    })
    const { id: privateEndpointId, privateIPAddress: privateEndpointIPAddress } = early.body
    await running.client.call('deleteLocalAzurePrivateEndpoint', { params: { privateEndpointId } })
    await refused('AZURE', id, { id: privateEndpointId, privateEndpointIPAddress })
    await running.client.call('createLocalAzurePrivateEndpoint', { body: { name: 'pe-early', privateLinkServiceId } })
    const examined = await doctor([privateEndpointId])
    names(examined, 'endpoint-accepted')
    const { whatToDo } = findingOf(examined, 'endpoint-accepted')
    expect(whatToDo).toMatch(/no longer so: try it again|Correct the address/)
    await paste(commandOf(examined, 'endpoint-accepted'))
    await becomesWell(privateEndpointId)
  })

  test('because a forwarding rule has almost that name', async () => {
    const id = await service('GCP', 'europe-west1', { portMappingEnabled: true })
    await paste(`postern local gcp forwarding-rule create psc-shop --endpoint-service-id ${id}`)
    const { body } = await running.client.call('listLocalGcpForwardingRules')
    const rule = body.results.find(({ name }) => name === 'psc-shop')
    const group = await refused('GCP', id, {
      endpointGroupName: 'shop',
      gcpProjectId: rule?.project ?? '',
      endpoints: [{ endpointName: 'psc-shpo', ipAddress: rule?.IPAddress ?? '' }],
    })
    const examined = await doctor([group])
    names(examined, 'endpoint-accepted')
    expect(findingOf(examined, 'endpoint-accepted').found).toMatch(
      /psc-shpo could not be found.*comes near: \S+psc-shop/,
    )
    await paste(commandOf(examined, 'endpoint-accepted'))
    await becomesWell(group)
  })

  test('because it has one of four forwarding rules', async () => {
    const limitName = 'atlas.project.deployment.privateServiceConnectionsPerRegionGroup'
    const params = { groupId, limitName }
    await running.client.call('setGroupLimit', { params, body: { value: 4 } })
    const id = await service('GCP', 'us-east4', { portMappingEnabled: false })
    await paste(`postern local gcp forwarding-rule create psc-four --count 4 --endpoint-service-id ${id}`)
    const { body } = await running.client.call('listLocalGcpForwardingRules')
    const [rule] = body.results.filter(({ name }) => name.startsWith('psc-four'))
    const group = await refused('GCP', id, {
      endpointGroupName: 'four',
      gcpProjectId: rule?.project ?? '',
      endpoints: [{ endpointName: rule?.name ?? '', ipAddress: rule?.IPAddress ?? '' }],
    })
    const examined = await doctor([group])
    names(examined, 'endpoint-accepted')
    expect(findingOf(examined, 'endpoint-accepted').found).toMatch(/1 of 4 forwarding rules were given/)
    await paste(commandOf(examined, 'endpoint-accepted'))
    await becomesWell(group)
  })
})

describe('what is worth knowing, and breaks nothing', () => {
  test('the last endpoint takes its service along; the ports that a firewall must allow; what the keys may', async () => {
    const { body } = await running.client.call('listLocalAwsVpcEndpoints')
    const endpointId = body.results[0]?.vpcEndpointId ?? ''
    const examined = await doctor([endpointId])
    expect(notes(examined, 'last-endpoint').command).toMatch(/ delete vpce-\w+ .* --keepService$/)
    expect(notes(examined, 'port-block').found).toMatch(/ports 1024-1073 \(3 in use\)/)
    expect(isNote(findingOf(examined, 'may-change'))).toBe(false)
  })

  test('regionalized endpoints cannot be switched on beside a replica set', async () => {
    expect(notes(await doctor(), 'regional-mode').found).toMatch(/cannot be switched on: .*Cluster0/)
  })

  test('keys that may only look', async () => {
    const { body: key } = await running.client.call('createGroupApiKey', {
      params: { groupId },
      body: { desc: 'looks', roles: ['GROUP_READ_ONLY'] },
    })
    const env = {
      ...elsewhere(running),
      POSTERN_PUBLIC_KEY: key.publicKey ?? '',
      POSTERN_PRIVATE_KEY: key.privateKey ?? '',
    }
    expect(notes(await doctor([], { env }), 'may-change').found).toMatch(/create or delete nothing/)
  })
})

describe('a region that is full', () => {
  test('is told before a cluster is refused, with what raises the limit', async () => {
    const limitName = 'atlas.project.deployment.nodesPerPrivateLinkRegion'
    await running.client.call('setGroupLimit', { params: { groupId, limitName }, body: { value: 3 } })
    const examined = await doctor()
    warns(examined, 'room-for-members')
    expect(findingOf(examined, 'room-for-members').found).toMatch(/3 of 3 places are taken/)
    await paste(commandOf(examined, 'room-for-members'))
    isWell(await doctor())
  })
})

provesItsChecks('clouds')
