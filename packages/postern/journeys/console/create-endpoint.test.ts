// Create Endpoint Service and Add Endpoint in a real browser, for all four forms of a private endpoint: by clicks alone to
// an endpoint through which the official driver connects. Then what stands in the way of it, and what mends it.

import { MongoClient } from 'mongodb'
import { describe, expect } from 'vitest'
import { connectionStringThrough } from '../../src/quickstart/forms.ts'
import { createJourneyUser, journeyUser } from '../attached.ts'
import { createCluster } from '../running.ts'
import { type ConsoleUnderTest, expectAccessible, withConsole } from './open-console.ts'
import type { Page } from './playwright.ts'

const clusterName = 'Shop'

const test = withConsole({
  up: { testing: true },
  // What is refused is an answer that the browser writes down, too.
  complaints: /status of 4(00|09)/,
  prepare: async ({ running }) => {
    await createCluster(running, clusterName)
    await createJourneyUser(running.client, running.bootstrap.groupId)
  },
})

const listPath = ({ running }: ConsoleUnderTest) =>
  `/groups/${running.bootstrap.groupId}/network-access/private-endpoint`
const dialogOf = (page: Page, name: string) => page.getByRole('dialog', { name })
const cardOf = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

async function chooseRegion(page: Page, region: string): Promise<void> {
  await page.getByRole('button', { name: /^Atlas Region/ }).click()
  await page.getByRole('option', { name: region, exact: true }).click()
}

/** By the button of the local cloud; answers what the form then holds in this field. */
async function makeInLocalCloud(page: Page, field: string): Promise<string> {
  const dialog = dialogOf(page, 'Create New Endpoint')
  await dialog.getByRole('button', { name: 'Create in the Local Cloud' }).click()
  const input = dialog.getByLabel(field, { exact: true })
  await expect.poll(() => input.inputValue(), { timeout: 20_000 }).not.toBe('')
  return input.inputValue()
}

/** Writes and reads through the endpoint. */
async function connects({ running }: ConsoleUnderTest, endpointId: string): Promise<void> {
  const { groupId } = running.bootstrap
  const uri = await connectionStringThrough(running.client, { groupId, clusterName, endpointId })
  const driver = new MongoClient(uri, { auth: journeyUser, serverSelectionTimeoutMS: 10_000 })
  try {
    const documents = driver.db('journeys').collection<{ _id: string }>('created')
    await documents.insertOne({ _id: endpointId })
    expect(await documents.findOne({ _id: endpointId })).toEqual({ _id: endpointId })
  } finally {
    await driver.close()
  }
}

const forms = [
  {
    says: 'AWS PrivateLink',
    cloud: 'AWS',
    region: 'Ireland (eu-west-1)',
    known: { 'Your VPC ID': 'vpc-0123456789abcdef0', 'Your Subnet IDs': 'subnet-0123456789abcdef0' },
    tools: ['AWS CLI', 'Terraform', 'Local cloud'],
    command: /aws ec2 create-vpc-endpoint.*vpc-0123456789abcdef0/s,
    field: 'VPC Endpoint ID',
  },
  {
    says: 'Azure Private Link',
    cloud: 'Azure',
    region: 'Netherlands (westeurope)',
    known: {
      'Resource Group Name': 'apps',
      'Virtual Network Name': 'net',
      'Subnet Name': 'inner',
      'Private Endpoint Name': 'pe',
    },
    tools: ['Azure CLI', 'Terraform', 'Local cloud'],
    command: /az network private-endpoint create.*--vnet-name net/s,
    field: 'Private Endpoint Resource ID',
  },
  {
    says: 'Google Cloud, port-mapped',
    cloud: 'Google Cloud',
    region: 'Belgium (europe-west1)',
    known: { 'Google Cloud Project ID': 'my-project', 'Private Service Connect Endpoint Name': 'mapped' },
    tools: ['gcloud CLI', 'Terraform', 'Local cloud'],
    command: /gcloud compute forwarding-rules create mapped/,
    field: 'Private Service Connect Endpoint Name',
  },
  {
    says: 'Google Cloud, legacy',
    cloud: 'Google Cloud',
    region: 'South Carolina (us-east1)',
    legacy: true,
    known: { 'Google Cloud Project ID': 'my-project', 'Private Service Connect Endpoint Name': 'legacy' },
    tools: ['gcloud CLI', 'Terraform', 'Local cloud'],
    command: /for attachment in.*rule=legacy-\$n/s,
    field: 'Endpoint Group Name',
  },
] as const

describe.each(forms)('$says', ({ cloud, region, known, tools, command, field, ...rest }) => {
  const picture = `create-${cloud.toLowerCase().replace(' ', '-')}${'legacy' in rest ? '-legacy' : ''}`

  test('from an empty form to a driver that connects', async (at) => {
    const page = await at.visit(listPath(at))
    await page.getByRole('button', { name: 'Create Endpoint Service' }).first().click()
    const form = dialogOf(page, 'Create Endpoint Service')
    expect(await form.getByRole('button', { name: 'Create Endpoint Service' }).getAttribute('aria-disabled')).toBe(
      'true',
    )
    await form.getByText(cloud, { exact: true }).click()
    await chooseRegion(page, region)
    if ('legacy' in rest) await form.getByText('Legacy', { exact: true }).click()
    // What was chosen outlives the page.
    await page.reload()
    await form.getByRole('button', { name: `Atlas Region ${region}` }).waitFor()
    await form.getByText('The same by command line or Terraform').click()
    await form.getByText('resource "mongodbatlas_privatelink_endpoint"').waitFor()
    await expectAccessible(page, picture)
    await form.getByRole('button', { name: 'Create Endpoint Service' }).click()
    await form.getByRole('status').getByText('Available', { exact: true }).waitFor()
    await form.getByRole('button', { name: 'Add Endpoint' }).click()

    const way = dialogOf(page, 'Add Endpoint')
    await way.getByText('Connect Existing Endpoint', { exact: true }).waitFor()
    await expectAccessible(page, `${picture}-way`)
    await way.getByRole('button', { name: 'Next' }).click()
    const create = dialogOf(page, 'Create New Endpoint')
    await create.getByRole('button', { name: 'Create Endpoint', exact: true }).waitFor()
    for (const [label, value] of Object.entries(known)) await create.getByLabel(label).fill(value)
    await expectAccessible(page, `${picture}-network`)
    await create.getByRole('button', { name: 'Create Endpoint', exact: true }).click()
    for (const tool of tools) await create.getByRole('tab', { name: tool, exact: true }).waitFor()
    expect(await create.getByRole('region', { name: 'Command that creates the endpoint' }).textContent()).toMatch(
      command,
    )
    const endpointId = await makeInLocalCloud(page, field)
    await expectAccessible(page, `${picture}-attach`)
    // It was typed or filled in: either way it is there after a reload.
    await page.reload()
    await create.getByRole('button', { name: 'Add Endpoint' }).waitFor()
    expect(await create.getByLabel(field, { exact: true }).inputValue()).toBe(endpointId)
    await create.getByRole('button', { name: 'Add Endpoint' }).click()
    await create.waitFor({ state: 'detached' })
    const row = page.getByRole('row').filter({ hasText: endpointId })
    await row.getByText('Available', { exact: true }).waitFor()
    await connects(at, endpointId)
  })
})

describe('what stands in the way', () => {
  test('a region that has a service already is told before the click, with the way to it', async (at) => {
    const page = await at.visit(`${listPath(at)}?dialog=create&cloud=AWS&atlasRegion=EU_WEST_1`)
    const form = dialogOf(page, 'Create Endpoint Service')
    await form.getByText('A private endpoint service already exists for AWS region EU_WEST_1').waitFor()
    expect(await form.getByRole('button', { name: 'Create Endpoint Service' }).getAttribute('aria-disabled')).toBe(
      'true',
    )
    await expectAccessible(page, 'create-exists')
    await form.getByRole('link', { name: 'Show it' }).click()
    await form.waitFor({ state: 'detached' })
    await cardOf(page, 'AWS / Ireland (eu-west-1)').waitFor()
    await page.getByText('1 of 4 endpoint services').waitFor()
  })

  test('an id that is none is refused at its field, and stays there to be mended', async (at) => {
    const page = await at.visit(listPath(at))
    await cardOf(page, 'AWS / Ireland (eu-west-1)').getByRole('button', { name: 'Add Endpoint' }).click()
    await dialogOf(page, 'Add Endpoint').getByText('Connect Existing Endpoint', { exact: true }).click()
    await page.getByRole('button', { name: 'Next' }).click()
    const form = dialogOf(page, 'Connect Existing Endpoint')
    await form.waitFor()
    await form.getByLabel('VPC Endpoint ID').fill('vpce-1')
    await form.getByRole('button', { name: 'Submit Endpoint' }).click()
    await form.getByText('it must be vpce- and 17 hex digits').first().waitFor()
    expect(await form.getByLabel('VPC Endpoint ID').inputValue()).toBe('vpce-1')
    await expectAccessible(page, 'add-refused')
    // One that its cloud does not know would be refused later: that is told now.
    await form.getByLabel('VPC Endpoint ID').fill('vpce-0000000000000dead')
    await form.getByText(/vpce-0000000000000dead/).waitFor()
    await page.goBack()
    await dialogOf(page, 'Add Endpoint').waitFor()
    await page.goBack()
    await dialogOf(page, 'Add Endpoint').waitFor({ state: 'detached' })
  })

  test('a cloud that takes its time is waited for, and one that has no room is tried again', async (at) => {
    const { client } = at.running
    await client.call('createTestingFault', { body: { name: 'region-full', provider: 'AWS', region: 'EU_NORTH_1' } })
    const page = await at.visit(`${listPath(at)}?dialog=create&cloud=AWS&atlasRegion=EU_NORTH_1`)
    const form = dialogOf(page, 'Create Endpoint Service')
    await form.getByRole('button', { name: 'Create Endpoint Service' }).click()
    await form.getByRole('alert').getByText('The region has no capacity').waitFor()
    await expectAccessible(page, 'create-failed')
    await client.call('deleteTestingFaults')
    await client.call('createTestingFault', { body: { name: 'cloud-away', provider: 'AWS' } })
    await form.getByRole('button', { name: 'Retry' }).click()
    await form.getByRole('progressbar').waitFor()
    await form.getByRole('status').getByText('Creating private link').waitFor()
    await expectAccessible(page, 'create-progress')
    await client.call('deleteTestingFaults')
    await form.getByRole('status').getByText('Available', { exact: true }).waitFor()
    await form.getByRole('button', { name: 'Close', exact: true }).click()
    await cardOf(page, 'AWS / Stockholm (eu-north-1)').waitFor()
  })

  test('an endpoint that its cloud refuses says why, and is there after Retry', async (at) => {
    await at.running.client.call('createTestingFault', { body: { name: 'endpoint-refused', provider: 'AWS' } })
    const page = await at.visit(listPath(at))
    await cardOf(page, 'AWS / Stockholm (eu-north-1)').getByRole('button', { name: 'Add Endpoint' }).click()
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('button', { name: 'Create Endpoint', exact: true }).click()
    const endpointId = await makeInLocalCloud(page, 'VPC Endpoint ID')
    await page.getByRole('button', { name: 'Add Endpoint', exact: true }).last().click()
    const row = page.getByRole('row').filter({ hasText: endpointId })
    await row.getByText('Rejected').waitFor()
    await row.getByText('The cloud refused the connection of this endpoint.').waitFor()
    await expectAccessible(page, 'add-rejected')
    await row.getByRole('button', { name: `Retry ${endpointId}` }).click()
    await row.getByText('Available', { exact: true }).waitFor()
  })

  test('an endpoint under a wrong id is corrected by Edit', async (at) => {
    const { client, bootstrap } = at.running
    const page = await at.visit(listPath(at))
    await cardOf(page, 'AWS / Stockholm (eu-north-1)').getByRole('button', { name: 'Add Endpoint' }).click()
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('button', { name: 'Create Endpoint', exact: true }).click()
    const right = await makeInLocalCloud(page, 'VPC Endpoint ID')
    const wrong = 'vpce-0000000000000beef'
    await dialogOf(page, 'Create New Endpoint').getByLabel('VPC Endpoint ID').fill(wrong)
    await page.getByRole('button', { name: 'Add Endpoint', exact: true }).last().click()
    await page.getByRole('row').filter({ hasText: wrong }).getByText('Rejected').waitFor()
    await page.getByRole('button', { name: `Edit ${wrong}` }).click()
    const edit = dialogOf(page, 'Edit Endpoint')
    await edit.waitFor()
    await edit.getByLabel('VPC Endpoint ID').fill(right)
    await edit.getByLabel('Labels').fill('team=shop')
    await expectAccessible(page, 'edit-endpoint')
    await edit.getByRole('button', { name: 'Save' }).click()
    await edit.waitFor({ state: 'detached' })
    await page.getByRole('row').filter({ hasText: right }).getByText('Available', { exact: true }).waitFor()
    const { body } = await client.call('listGroupPrivateEndpoints', {
      params: { groupId: bootstrap.groupId },
      query: { endpointId: right },
    })
    expect(body.results).toMatchObject([{ labels: { team: 'shop' }, status: 'AVAILABLE' }])
  })
})

test('a service is edited: the regions that it accepts, its description, its labels', async (at) => {
  const page = await at.visit(listPath(at))
  const card = cardOf(page, 'AWS / Ireland (eu-west-1)')
  await card.getByRole('button', { name: 'Edit', exact: true }).click()
  const edit = dialogOf(page, 'Edit Endpoint Service')
  await edit.waitFor()
  const own = edit.getByRole('checkbox', { name: 'Ireland (eu-west-1)' })
  expect([await own.isChecked(), await own.isDisabled()]).toEqual([true, true])
  await edit.getByText('London (eu-west-2)').click()
  await edit.getByLabel('Description').fill('of the shop')
  await edit.getByLabel('Labels').fill('no name')
  await edit.getByRole('button', { name: 'Save' }).click()
  await edit.getByRole('alert').waitFor()
  expect(await edit.getByLabel('Description').inputValue()).toBe('of the shop')
  await edit.getByLabel('Labels').fill('team=shop')
  await expectAccessible(page, 'edit-service')
  await edit.getByRole('button', { name: 'Save' }).click()
  await edit.waitFor({ state: 'detached' })
  await card.getByText('Ireland (eu-west-1), London (eu-west-2)').waitFor()
  await card.getByText('of the shop').waitFor()
  await card.getByText('team: shop').waitFor()
  // Now a new endpoint may be there, too.
  await card.getByRole('button', { name: 'Add Endpoint' }).click()
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('button', { name: /^Consumer Region/ }).click()
  await page.getByRole('option', { name: 'London (eu-west-2)', exact: true }).click()
  await page.getByRole('button', { name: 'Create Endpoint', exact: true }).click()
  const command = page.getByRole('region', { name: 'Command that creates the endpoint' })
  await command.getByText('--region eu-west-2').waitFor()
})
