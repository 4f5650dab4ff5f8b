// An endpoint that is to go and an edge that is silent: somebody may say that it is not to be waited for.

import { expect, test } from 'vitest'
import { attach, endpoint, journey, path, remove, vpcEndpoint } from './aws-service.testing.ts'

test.each([
  { says: 'at once', early: true },
  { says: 'later, of one that waits', early: false },
])('forced $says, a deletion waits for the live edges alone', async ({ early }) => {
  await journey.edge('edge-2').takeOver()
  const id = await vpcEndpoint()
  await attach(id)
  await journey.settle()
  await journey.edge('edge-1').takeOver()
  await journey.edge('edge-2').takeOver()
  const own = path.replace('/api/atlas/v2', '/api/postern/v1')
  const force = () => journey.ask({ method: 'DELETE', path: `${own}/endpoint/${id}?force=true` })
  if (early) await force()
  else await remove(id)
  await journey.settle()
  for (const _ of [1, 2]) {
    await journey.pass(40_000)
    await journey.edge('edge-1').fetch('forwarder')
    await journey.edge('edge-1').fetch('gateway')
  }
  if (!early) expect((await force()).status).toBe(202)
  await journey.settle()
  expect((await endpoint(id)).connectionStatus).toBe('DELETING')
  await journey.edge('edge-1').takeOver()
  expect((await journey.ask({ method: 'GET', path: `${path}/endpoint/${id}` })).status).toBe(404)
})
