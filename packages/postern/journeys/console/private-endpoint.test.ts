// Network Access → Private Endpoint in a real browser, for all three clouds: what is shown, what is found, who is
// connected, and what goes when something is terminated.

import { MongoClient } from 'mongodb'
import { expect } from 'vitest'
import { endpointForms } from '../../src/quickstart/forms.ts'
import { type Attached, attachAvailable, attachTo, createJourneyUser, journeyUser } from '../attached.ts'
import { createCluster } from '../running.ts'
import { tick } from './gestures.ts'
import { type ConsoleUnderTest, expectAccessible, withConsole } from './open-console.ts'

const clusterName = 'Shop'
const providers = { AWS: 'AWS', AZURE: 'Azure', GCP: 'Google Cloud' } as const

const attached: Attached[] = []
let shop: MongoClient | undefined

const test = withConsole({
  prepare: async ({ running }) => {
    const { client, bootstrap } = running
    const { groupId } = bootstrap
    await createCluster(running, clusterName)
    await createJourneyUser(client, groupId)
    const [first, ...others] = endpointForms
    const through = await attachTo(client, { groupId, clusterName, ...(first && { form: first }) })
    attached.push(through)
    for (const form of others) attached.push(await attachAvailable(client, { groupId, form }))
    shop = new MongoClient(through.uri, { auth: journeyUser, appName: 'shop-app' })
    await shop.db('shop').command({ ping: 1 })
  },
  clear: () => shop?.close(),
})

const listPath = ({ running }: ConsoleUnderTest) =>
  `/groups/${running.bootstrap.groupId}/network-access/private-endpoint`
const endpointOf = (at: number): Attached => {
  const one = attached[at]
  if (one === undefined) throw new Error(`there is no endpoint ${at}`)
  return one
}

test('each service is there with its endpoint, both in the page’s own words', async (at) => {
  const page = await at.visit(listPath(at))
  await page.getByText('4 endpoint services').waitFor()
  for (const [index, { provider }] of endpointForms.entries()) {
    const card = page
      .getByRole('listitem')
      .filter({ has: page.getByText(endpointOf(index).endpointServiceId, { exact: true }) })
    await card.scrollIntoViewIfNeeded()
    await card.getByRole('heading', { name: providers[provider] }).waitFor()
    await card.getByText('Atlas Endpoint Service Status').waitFor()
    await card
      .getByRole('row')
      .filter({ hasText: endpointOf(index).endpointId })
      .getByText('Available')
      .waitFor()
  }
  await expectAccessible(page, 'private-endpoint-all')
})

test('filters are in the address, and a link with them shows the same', async (at) => {
  const page = await at.visit(listPath(at))
  await page.getByPlaceholder('Id, name, label').fill(endpointOf(1).endpointId)
  await page.getByText('1 of 4 endpoint services').waitFor()
  expect(new URL(page.url()).searchParams.get('text')).toBe(endpointOf(1).endpointId)
  await page.goto(`${at.url}${listPath(at)}?provider=GCP`)
  await page.getByText('2 of 4 endpoint services').waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByText('4 endpoint services', { exact: true }).waitFor()
  expect(new URL(page.url()).search).toBe('')
})

test('an endpoint’s page has its strings, and its connections with a way to end them', async (at) => {
  const page = await at.visit(listPath(at))
  await page.getByRole('link', { name: endpointOf(0).endpointId }).click()
  await page.getByText(`${clusterName}, Standard`).waitFor()
  const row = page.getByRole('row').filter({ hasText: 'shop-app' }).first()
  await row.getByText('nodejs').first().waitFor()
  await expectAccessible(page, 'private-endpoint-detail')
  await page.getByRole('button', { name: `Edit ${endpointOf(0).endpointId}` }).click()
  await page.getByRole('dialog', { name: 'Edit Endpoint' }).getByLabel('Description').fill('of the shop')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('definition').filter({ hasText: 'of the shop' }).waitFor()
  const ended = new Promise((done) => shop?.once('connectionClosed', done))
  await page.getByRole('button', { name: 'Kill all' }).click()
  const dialog = page.getByRole('dialog', { name: 'Kill all connections of this endpoint' })
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Kill', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await ended
  await shop?.db('shop').command({ ping: 1 })
})

test('a policy says what it ends; what it refuses then stands beside it, and it is lifted again', async (at) => {
  at.expectComplaints(/status of 400/)
  const { endpointServiceId, endpointId } = endpointOf(0)
  const page = await at.visit(`${listPath(at)}/AWS/${endpointServiceId}/${endpointId}`)
  const card = page.getByRole('region', { name: 'Policy' })
  await card.getByText('Nothing was refused at this endpoint since the gateways started.').waitFor()
  await card.getByRole('button', { name: 'Edit Policy' }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit Policy' })
  await dialog.getByLabel('Idle time-out, in seconds').fill('3')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('must be at least 30').first().waitFor()
  await expectAccessible(page, 'policy-refused')
  await dialog.getByLabel('Idle time-out, in seconds').fill('300')
  await dialog.getByText('must be at least 30').waitFor({ state: 'detached' })
  await dialog.getByLabel('Authorities of client certificates').fill('no certificate')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('it holds no certificate in PEM').first().waitFor()
  await dialog.getByLabel('Authorities of client certificates').fill('')
  await dialog.getByText('it holds no certificate in PEM').waitFor({ state: 'detached' })
  await tick(page, /^Read-only/)
  await tick(page, 'Only these database users')
  await dialog.getByLabel('Another Username').fill(journeyUser.username)
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await dialog.getByText(/^Every connection through this endpoint, since each request is judged anew/).waitFor()
  await page.reload()
  await dialog.getByText('Connections that have been silent for 300 s.').waitFor()
  await expectAccessible(page, 'policy-edit')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  await card.getByRole('definition').filter({ hasText: 'Reads only' }).waitFor()
  const orders = shop?.db('shop').collection('orders')
  await expect
    .poll(() => orders?.insertOne({}).catch(String))
    .toMatch(/is read-only \(a policy of the private endpoint\)/)
  expect(await orders?.countDocuments({ of: 'nobody' })).toBe(0)
  await card.getByRole('row').filter({ hasText: 'Only reads go through' }).waitFor()
  await expectAccessible(page, 'policy')
  await card.getByRole('button', { name: 'Edit Policy' }).click()
  await tick(page, /^Read-only/)
  await tick(page, 'Whoever the cluster knows')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(() => orders?.insertOne({}).then(() => 'written', String)).toBe('written')
})

/** Whether anything on the page's first canvas is of the line's colour, blue. */
const hasBlueLine = `(() => {
  const canvas = document.querySelector('canvas')
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  for (let at = 0; at < data.length; at += 4)
    if (data[at] === 1 && data[at + 1] === 107 && data[at + 2] === 248 && data[at + 3] === 255) return true
  return false
})()`

test('what flows through an endpoint is a chart and a table, for the hour and for the day', async (at) => {
  const page = await at.visit(listPath(at))
  await page.getByRole('link', { name: endpointOf(0).endpointId }).click()
  const card = page.getByRole('region', { name: 'Traffic' })
  await shop
    ?.db('shop')
    .collection('orders')
    .insertOne({ text: 'x'.repeat(3 * 1024 * 1024) })
  await card
    .getByRole('definition')
    .filter({ hasText: /^3\.\d MiB$/ })
    .waitFor()
  await card.getByRole('img', { name: 'Bytes in the last hour' }).waitFor()
  await card.getByRole('img', { name: 'Connections in the last hour' }).waitFor()
  await page.emulateMedia({ colorScheme: 'light' })
  await expect.poll(() => page.evaluate(hasBlueLine)).toBe(true)
  await card.getByRole('button', { name: 'Show as a table' }).click()
  await card
    .getByRole('row')
    .filter({ hasText: /3\.\d MiB/ })
    .waitFor()
  await expectAccessible(page, 'private-endpoint-traffic')
  await card.getByRole('button', { name: 'Day' }).click()
  await card.getByRole('img', { name: 'Bytes in the last day' }).waitFor()
  await page.reload()
  await card.getByRole('img', { name: 'Bytes in the last day' }).waitFor()
  await card
    .getByRole('row')
    .filter({ hasText: /3\.\d MiB/ })
    .waitFor()
})

test('an endpoint that nobody used says what would show there', async (at) => {
  const page = await at.visit(listPath(at))
  await page.getByRole('link', { name: endpointOf(1).endpointId }).click()
  await page.getByText('Nothing passed through this endpoint in the last hour.').waitFor()
  await expectAccessible(page)
})

test('Back closes a dialog, and its address opens it again', async (at) => {
  const page = await at.visit(listPath(at))
  await page.getByRole('button', { name: `Terminate ${endpointOf(0).endpointId}` }).click()
  const dialog = page.getByRole('dialog', { name: 'Terminate private endpoint' })
  await dialog.waitFor()
  await page.goBack()
  await dialog.waitFor({ state: 'detached' })
  await page.goForward()
  await dialog.waitFor()
  await page.reload()
  await dialog.waitFor()
})

test('a service with endpoints says why it cannot go', async (at) => {
  const page = await at.visit(listPath(at))
  const card = page
    .getByRole('listitem')
    .filter({ has: page.getByText(endpointOf(0).endpointServiceId, { exact: true }) })
  await card.getByRole('button', { name: 'Terminate', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Terminate endpoint service' })
  await dialog.getByText('It cannot be terminated as things are.').waitFor()
  expect(await dialog.getByRole('button', { name: 'Confirm' }).getAttribute('aria-disabled')).toBe('true')
  await expectAccessible(page)
})

test('terminating names what is cut; another browser sees it go, and Undo brings it back', async (at) => {
  const page = await at.visit(listPath(at))
  const other = await at.visit(listPath(at))
  const { endpointId } = endpointOf(0)
  await other.getByRole('row').filter({ hasText: endpointId }).waitFor()
  await page.getByRole('button', { name: `Terminate ${endpointId}` }).click()
  const dialog = page.getByRole('dialog', { name: 'Terminate private endpoint' })
  await dialog.getByText(/live connections? (is|are) cut to Shop, of shop-app/).waitFor()
  await dialog.getByText(`The private connection string of ${clusterName} stops working`).waitFor()
  await dialog.getByText('The endpoint service goes with it.').waitFor()
  await dialog.getByText('Keep the endpoint service').click()
  await dialog.getByText('The endpoint service stays.').waitFor()
  await expectAccessible(page, 'private-endpoint-terminate')
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  await other.getByRole('row').filter({ hasText: endpointId }).waitFor({ state: 'detached' })
  await other.getByRole('region', { name: 'Recently terminated' }).waitFor()
  await expectAccessible(other, 'private-endpoint-terminated')
  await other.getByRole('button', { name: `Undo ${endpointId}` }).click()
  await page.getByRole('row').filter({ hasText: endpointId }).getByText('Available').waitFor()
})

for (const at of [1, 2, 3])
  test(`${endpointForms[at]?.says}: the last endpoint takes its service with it`, async (console) => {
    const page = await console.visit(listPath(console))
    const { endpointId, endpointServiceId } = endpointOf(at)
    await page.getByPlaceholder('Id, name, label').fill(endpointId)
    await page.getByRole('button', { name: `Terminate ${endpointId}` }).click()
    const dialog = page.getByRole('dialog', { name: 'Terminate private endpoint' })
    await dialog.getByText('Nobody is connected through it at the moment.').waitFor()
    await dialog.getByRole('button', { name: 'Confirm' }).click()
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await page.getByText(endpointServiceId, { exact: true }).waitFor({ state: 'detached' })
  })

test('the address of an endpoint that is gone says so, and leads back', async (at) => {
  at.expectComplaints(/status of 404/)
  const { endpointServiceId } = endpointOf(0)
  const page = await at.visit(`${listPath(at)}/AWS/${endpointServiceId}/vpce-00000000000000000`)
  await page.getByRole('heading', { name: 'This private endpoint is gone' }).waitFor()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'All private endpoints' }).click()
  await page.getByRole('tab', { name: 'Dedicated Cluster' }).waitFor()
})
