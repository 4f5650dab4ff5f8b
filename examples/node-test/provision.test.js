import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { startPostern } from 'postern/testing'
import { provision } from './provision.js'

// A cloud that takes a minute for each step, as a real one may: `advance` lets it pass.
const minute = 60_000
const seed = { apiVersion: 'postern/v1', projects: [{ name: 'Shop', accessList: [{ cidr: '10.0.0.0/8' }] }] }
let postern
let api
before(async () => {
  postern = await startPostern({ unknownEndpoints: 'accept', cloudMs: minute, apply: seed })
  api = await signedIn(postern)
})
beforeEach(() => postern.reset())
after(() => postern?.stop())

const wish = () => ({
  api,
  groupId: postern.groupId,
  region: 'EU_WEST_1',
  vpcEndpointId: 'vpce-0123456789abcdef0',
  waited: () => postern.advance(2 * minute),
})

test('a private endpoint is provisioned', async () => {
  assert.equal(await provision(wish()), 'AVAILABLE')
})

test('the same again: nothing is left of the test before', async () => {
  assert.equal(await provision(wish()), 'AVAILABLE')
})

test('what the cloud says of a refusal is passed on', async () => {
  await postern.faults.set({ name: 'endpoint-refused', message: 'Quota exceeded.' })
  await assert.rejects(provision(wish()), /Quota exceeded/)
})

test('a cloud that answers slowly once more is waited for', async () => {
  await postern.faults.set({ name: 'operation-in-progress', times: 2 })
  assert.equal(await provision(wish()), 'AVAILABLE')
})

/** By the service account, whose token any client can carry. */
async function signedIn({ apiUrl, clientId, clientSecret }) {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
  const answer = await fetch(`${apiUrl}/api/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  })
  const { access_token: token } = await answer.json()
  return async (method, path, body) => {
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }
}
