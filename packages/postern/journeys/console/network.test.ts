// Network Access in a real browser: the IP access list, what is typed there while the control plane is away, the limits of an
// endpoint; and the gateways that serve it.

import { expect } from 'vitest'
import { type Attached, anyForm, attachAvailable } from '../attached.ts'
import { click, inGroup, inOrg, tick } from './gestures.ts'
import { type ConsoleUnderTest, expectAccessible, withConsole } from './open-console.ts'
import type { Page } from './playwright.ts'

let attached: Attached
const test = withConsole({
  prepare: async ({ running: { client, bootstrap } }) => {
    attached = await attachAvailable(client, { groupId: bootstrap.groupId })
  },
})

const listPath = ({ running }: ConsoleUnderTest) => `/groups/${running.bootstrap.groupId}/network-access/ip-access-list`
const rowOf = (page: Page, value: string) =>
  page.getByRole('row').filter({ has: page.getByRole('cell', { name: value, exact: true }) })
const dialogOf = (page: Page, name: string) => page.getByRole('dialog', { name })

async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${label} `) }).click()
  await page.getByRole('option', { name: option }).click()
}

/** The list as the API has it. */
const listed = async ({ running }: ConsoleUnderTest) => {
  const { body } = await running.client.call('listGroupAccessListEntries', {
    params: { groupId: running.bootstrap.groupId },
  })
  return body.results.map(({ cidrBlock, comment, deleteAfterDate }) => ({
    cidrBlock,
    comment,
    ends: deleteAfterDate !== undefined,
  }))
}

test('an entry is added, edited and deleted; how long it is there is told', async (at) => {
  at.expectComplaints(/status of 400/)
  const page = await at.visit(listPath(at))
  await page.getByText('No address is allowed yet').waitFor()
  await expectAccessible(page, 'ip-access-list-empty')
  await page.getByRole('button', { name: 'Add IP Address' }).first().click()
  const add = dialogOf(page, 'Add IP Access List Entry')
  await add.getByRole('button', { name: 'Add Current IP Address' }).click()
  expect(await add.getByLabel('Access List Entry').inputValue()).toBe('127.0.0.1')
  await add.getByLabel('Access List Entry').fill('198.51.100.0/99')
  await add.getByLabel('Comment').fill('office')
  await add.getByRole('button', { name: 'Confirm' }).click()
  await add.locator('#address[aria-invalid="true"]').waitFor()
  await expectAccessible(page, 'ip-access-list-add')
  // What was typed outlives the page.
  await page.reload()
  await add.waitFor()
  expect(await add.getByLabel('Comment').inputValue()).toBe('office')
  await add.getByLabel('Access List Entry').fill('198.51.100.0/24')
  await add.getByRole('button', { name: 'Confirm' }).click()
  await add.waitFor({ state: 'detached' })
  const office = rowOf(page, '198.51.100.0/24')
  await office.getByText('Active', { exact: true }).waitFor()
  await office.getByText('Never').waitFor()

  // From now on it ends: the API makes none temporary that was to stay, so that it goes and comes again.
  await office.getByRole('button', { name: 'Edit 198.51.100.0/24' }).click()
  const edit = dialogOf(page, 'Edit IP Access List Entry')
  await edit.getByLabel('Comment').fill('the old office')
  await choose(page, 'Lifetime', '1 week from now')
  await expectAccessible(page, 'ip-access-list-edit')
  await edit.getByRole('button', { name: 'Confirm' }).click()
  await edit.waitFor({ state: 'detached' })
  await office.getByText('Temporary', { exact: true }).waitFor()
  await office.getByText('the old office').waitFor()
  await office.getByText(/in [67] days/).waitFor()
  expect(await listed(at)).toEqual([{ cidrBlock: '198.51.100.0/24', comment: 'the old office', ends: true }])

  const soon = new Date(Date.now() + 30 * 60_000).toISOString()
  await at.running.client.call('createGroupAccessListEntry', {
    params: { groupId: at.running.bootstrap.groupId },
    body: [{ ipAddress: '192.0.2.7', comment: 'a guest', deleteAfterDate: soon }],
  })
  const guest = rowOf(page, '192.0.2.7/32')
  await guest.getByText('Expiring', { exact: true }).waitFor()
  await expectAccessible(page, 'ip-access-list')
  await guest.getByRole('button', { name: 'Edit 192.0.2.7/32' }).click()
  await edit.getByLabel('Comment').fill('a guest who stays')
  await choose(page, 'Lifetime', 'Until it is deleted')
  await edit.getByRole('button', { name: 'Confirm' }).click()
  await edit.waitFor({ state: 'detached' })
  await guest.getByText('Active', { exact: true }).waitFor()

  await guest.getByRole('button', { name: 'Delete 192.0.2.7/32' }).click()
  const remove = dialogOf(page, 'Delete IP Access List Entry')
  await expectAccessible(page, 'ip-access-list-delete')
  await remove.getByRole('button', { name: 'Confirm' }).click()
  await guest.waitFor({ state: 'detached' })
  expect(await listed(at)).toEqual([{ cidrBlock: '198.51.100.0/24', comment: 'the old office', ends: true }])
})

test('nothing that was typed is lost while nothing answers, and an unexpected error names its request', async (at) => {
  at.expectComplaints(/ERR_|status of 500|Failed to fetch/)
  const page = await at.visit(`${listPath(at)}?dialog=add`)
  const add = dialogOf(page, 'Add IP Access List Entry')
  await add.getByLabel('Access List Entry').fill('203.0.113.9')
  await add.getByLabel('Comment').fill('kept')
  await page.context().setOffline(true)
  await add.getByRole('button', { name: 'Confirm' }).click()
  await add.getByRole('alert').getByText('The control plane does not answer').waitFor()
  await page.context().setOffline(false)
  expect(await add.getByLabel('Access List Entry').inputValue()).toBe('203.0.113.9')

  // No request of a browser's makes the server break: this is what it would answer.
  const requestId = '0b9d1d3c-5f0e-4e08-9a3f-1f9c2f1f7d10'
  const detail = `An unexpected error occurred; request ${requestId}.`
  const said = { detail, error: 500, errorCode: 'UNEXPECTED_ERROR', parameters: [requestId], reason: 'Error' }
  await page.route('**/accessList', (route) => route.fulfill({ status: 500, json: said }), { times: 1 })
  await add.getByRole('button', { name: 'Confirm' }).click()
  await add.getByRole('alert').getByText(detail).waitFor()
  await add.getByRole('button', { name: 'Copy request ID' }).waitFor()
  await expectAccessible(page, 'error-request-id')
  await add.getByRole('button', { name: 'Confirm' }).click()
  await add.waitFor({ state: 'detached' })
  await rowOf(page, '203.0.113.9/32').getByText('kept').waitFor()
})

test('an endpoint’s limits are shown beside those of the gateway, and changed', async (at) => {
  at.expectComplaints(/status of 400/)
  const { groupId } = at.running.bootstrap
  const place = `${anyForm.provider}/${attached.endpointServiceId}/${encodeURIComponent(attached.endpointId)}`
  const page = await at.visit(`/groups/${groupId}/network-access/private-endpoint/${place}`)
  const card = page.getByRole('region', { name: 'Limits' })
  await card
    .getByText(/^As each gateway is set: [\d,]+$/)
    .first()
    .waitFor()
  await card.getByText('As the server is set').waitFor()
  await card.getByRole('button', { name: 'Edit Limits' }).click()
  const edit = dialogOf(page, 'Edit Limits')
  await edit.getByLabel('Connections at a time').fill('many')
  await edit.getByText('A limit is a whole number.').waitFor()
  await edit.getByLabel('Connections at a time').fill('0')
  await edit.getByRole('button', { name: 'Save' }).click()
  await edit.locator('#limit-connections[aria-invalid="true"]').waitFor()
  await edit.getByLabel('Connections at a time').fill('1500')
  await edit.getByLabel('New connections a second').fill('0')
  await choose(page, 'When it is the last endpoint of its service to go', 'The endpoint service stays')
  await expectAccessible(page, 'endpoint-limits-edit')
  await edit.getByRole('button', { name: 'Save' }).click()
  await edit.waitFor({ state: 'detached' })
  await card.getByText('1,500', { exact: true }).waitFor()
  await card.getByText('any number', { exact: true }).waitFor()
  await card.getByText('The endpoint service stays').waitFor()
  const { body } = await at.running.client.call('getGroupPrivateEndpoint', {
    params: { ...attached, cloudProvider: anyForm.provider },
  })
  expect(body).toMatchObject({ limits: { connections: 1500, newPerSecond: 0 }, keepService: true })
  await page.getByRole('button', { name: `Edit ${attached.endpointId}` }).click()
  await dialogOf(page, 'Edit Endpoint').getByLabel('Description').fill('of the shop')
  await page.getByRole('button', { name: 'Save' }).click()
  await dialogOf(page, 'Edit Endpoint').waitFor({ state: 'detached' })
  await page.getByRole('region', { name: 'Endpoint', exact: true }).getByText('of the shop').waitFor()
  await expectAccessible(page, 'endpoint-limits')
})

test('gateways are listed with what they serve; one is enrolled by a command that is shown once, and revoked', async (at) => {
  const page = await at.visit(inGroup(at, 'network-access/gateways'))
  await page.getByRole('tab', { name: 'Gateways', selected: true }).waitFor()
  const local = page.getByRole('row').filter({ hasText: 'local' })
  await local.getByText('Live').waitFor()
  await local.getByText(/^Gateway: \d+, the newest$/).waitFor()
  await local.getByText(/^Version \d+\.\d+\.\d+$/).waitFor()
  await expectAccessible(page, 'gateways')
  await click(page, 'Enrol Gateway')
  await page.getByLabel('Name', { exact: true }).fill('-')
  await page.getByText(/^A name has letters/).waitFor()
  await page.getByLabel('Name', { exact: true }).fill('gateway-1')
  const { groupId, orgId } = at.running.bootstrap
  const { body: group } = await at.running.client.call('getGroup', { params: { groupId } })
  await page.getByRole('checkbox', { name: group.name, checked: true }).waitFor({ state: 'attached' })
  await tick(page, group.name)
  await page.getByText('Choose a project.').waitFor()
  await tick(page, group.name)
  await expectAccessible(page, 'gateway-enrol')
  await click(page, 'Create Token')
  const command = (await page.getByRole('region', { name: 'Command' }).textContent()) ?? ''
  expect(command).toMatch(
    new RegExp(`^POSTERN_URL=${at.url} \\\\\nPOSTERN_EDGE=gateway-1 .*pet_[0-9a-f]{64} .*postern gateway$`, 's'),
  )
  await expectAccessible(page, 'gateway-command')
  await click(page, 'Done')
  const expected = page.getByRole('row').filter({ hasText: 'gateway-1' })
  await expected.getByText('Expected').waitFor()
  await expected.getByText('What its token is for').waitFor()
  expect(await page.content()).not.toContain('pet_')
  const events = await at.running.client.call('listOrgEvents', { params: { orgId } })
  expect(events.body.results.map(({ eventTypeName }) => eventTypeName)).toContain('EDGE_ENROLMENT_CREATED')
  await expected.getByRole('button', { name: 'Revoke gateway-1' }).click()
  await page.getByText('No private endpoint is without a gateway then.').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click()
  await expected.waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'All gateways' }).click()
  await page.getByRole('heading', { level: 1, name: 'Gateways' }).waitFor()
  await expectAccessible(page, 'gateways-of-organization')
  await page.goto(`${at.url}${inOrg(at, 'gateways')}?dialog=forget&edge=local`)
  await page.getByText('A private endpoint is served by nothing then:').waitFor()
  await page.getByText(attached.endpointId).waitFor()
  await page.getByText('It runs: it would come again with its next report.').first().waitFor()
  await expectAccessible(page, 'gateway-forget')
})
