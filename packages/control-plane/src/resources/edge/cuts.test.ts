import { createHash } from 'node:crypto'
import { snapshotSchemas } from '@postern/contract/snapshot'
import { bodyText, hashedText, textsOf, withChange } from '@postern/contract/snapshot-change'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { everything } from '../../identity/edge-identity.ts'
import { countedStore } from '../../store/counted.testing.ts'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { createJourney } from '../private-endpoint/testing.ts'
import { createCuts } from './cuts.ts'

let open: TestStore
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(() => clearStore(open.store))

const schema = Math.max(...snapshotSchemas)

/** One service of the group, and wholes of it and of a service of somebody else. */
const world = async () => {
  const journey = await createJourney(open.store)
  const service = await journey.newService({ providerName: 'AWS' })
  const store = countedStore(open.store)
  const whole = (n: number, own: string, foreign: string, epoch = 'e') => {
    const endpoint = (serviceId: string, id: string) => ({ id, serviceId })
    const endpoints = [endpoint(service.id, own), endpoint('f'.repeat(24), foreign)]
    const body = { listeners: [], endpoints, clusters: [] }
    return { schema, epoch, n, text: JSON.stringify({ schema, epoch, n, body }) }
  }
  const serves = { ...everything, groupIds: [journey.groupId] }
  const cuts = createCuts({ store })
  const part = async (of: ReturnType<typeof whole>) => JSON.parse((await cuts.whole(serves, of)).text).body
  return { cuts, serves, whole, asked: store.asked, part }
}

test('a part is cut once for all gateways of a scope', async () => {
  const { cuts, serves, whole, asked, part } = await world()
  const one = whole(1, 'own', 'foreign')
  await Promise.all([part(one), part(one), cuts.changes(serves, one, { epoch: 'e', after: 0 })])
  expect((await part(one)).endpoints.map(({ id }: { readonly id: string }) => id)).toEqual(['own'])
  expect(asked.statements).toBe(2) // services and standard listeners
  await cuts.whole({ ...serves, groupIds: [] }, one)
  expect(asked.statements).toBe(4)
})

test.each([
  { says: 'what somebody else changed moves the number, and nothing else', own: 'own', lists: {} },
  { says: 'what is other in its part is told alone', own: 'new', lists: { endpoints: [expect.anything()] } },
])('$says', async ({ own, lists }) => {
  const { cuts, serves, whole, part } = await world()
  const held = await part(whole(1, 'own', 'foreign'))
  const newer = whole(3, own, 'changed')
  const said = JSON.parse((await cuts.changes(serves, newer, { epoch: 'e', after: 1 })) ?? 'null')
  expect(said).toMatchObject({ schema, epoch: 'e', n: 3, after: 1, changes: [{ values: {} }] })
  expect(said.changes).toEqual([{ lists, values: {} }])
  const made = withChange(held, said.changes[0])
  expect(made).toEqual(await part(newer))
  const text = hashedText(schema, bodyText(textsOf(made)))
  expect(said.hash).toBe(createHash('sha256').update(text).digest('hex'))
})

test.each([
  { says: 'nothing', held: {} },
  { says: 'a number that this control plane cut for nobody', held: { epoch: 'e', after: 2 } },
  { says: 'a number of another epoch', held: { epoch: 'f', after: 1 } },
])('who holds $says is sent its part whole', async ({ held }) => {
  const { cuts, serves, whole, part } = await world()
  await part(whole(1, 'own', 'foreign'))
  expect(await cuts.changes(serves, whole(3, 'own', 'changed'), held)).toBeNull()
})

test('who holds a part that was cut of another scope, or in an older schema, is sent its own whole', async () => {
  const { cuts, serves, whole, part } = await world()
  await part(whole(1, 'own', 'foreign'))
  const newer = whole(3, 'own', 'changed')
  expect(await cuts.changes({ ...serves, groupIds: [] }, newer, { epoch: 'e', after: 1 })).toBeNull()
  expect(await cuts.changes(serves, { ...newer, schema: schema - 1 }, { epoch: 'e', after: 1 })).toBeNull()
})
