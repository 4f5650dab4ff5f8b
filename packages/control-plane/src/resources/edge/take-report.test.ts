import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { everything } from '../../identity/edge-identity.ts'
import { countedStore } from '../../store/counted.testing.ts'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { createJourney } from '../private-endpoint/testing.ts'
import { takeReport } from './take-report.ts'

let open: TestStore
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(() => clearStore(open.store))

const failed = [{ id: '40001', reason: 'in use: "C:\\pipe"\n\u0001 – by größer 👋' }]
const body = { epoch: 'e', n: 7, bound: ['40000', 'own:a\\b'], failed, trusts: ['10.0.0.0/8'] }
const own = { edge: 'one', feed: 'gateway', serves: everything, body } as const

/** One gateway among others, which says the same but for their names, with what is asked of the store by its next report. */
const amongOthers = async (others: number) => {
  const { parts } = await createJourney(open.store)
  for (const edge of [...Array(others).keys()]) await takeReport(parts, { ...own, edge: `other-${edge}` })
  await takeReport(parts, own)
  const store = countedStore(open.store)
  return { parts: { ...parts, store }, asked: store.asked }
}
const row = () =>
  open.store.read.selectFrom('edge_report').selectAll().where('edge', '=', 'one').executeTakeFirstOrThrow()

describe('a report', () => {
  test.each([0, 20])(
    'that repeats what was said is one statement that reads nothing, among %i others',
    async (others) => {
      const { parts, asked } = await amongOthers(others)
      const later = { ...parts, clock: { now: () => parts.clock.now() + 5_000 } }
      const before = await row()
      await takeReport(later, own)
      expect(asked).toEqual({ statements: 1, rows: [] })
      expect(await row()).toEqual({ ...before, seen: new Date(later.clock.now()) })
    },
  )

  test.each([
    { says: 'a number', other: { n: 8 } },
    { says: 'an epoch', other: { epoch: 'f' } },
    { says: 'a listener', other: { bound: ['40000'] } },
    { says: 'a failure', other: { failed: [] } },
    { says: 'a reason', other: { failed: [{ id: '40001', reason: 'denied' }] } },
    { says: 'a range that it trusts', other: { trusts: [] } },
  ])('that says $says anew is written down, and of all rows its own alone is read', async ({ other }) => {
    const { parts, asked } = await amongOthers(20)
    await takeReport(parts, { ...own, body: { ...body, ...other } })
    expect(asked.rows).toEqual([{ failed }, { known: expect.stringMatching(/^[0-9a-f]{64}$/) }])
    const { epoch, n, bound, failed: told, trusts } = await row()
    expect({ epoch, n, bound, failed: told, trusts }).toEqual({ ...body, ...other })
  })

  test('whose lists are known comes with what they are known by, and that is one statement too, which reads nothing', async () => {
    const { parts, asked } = await amongOthers(20)
    const before = await row()
    const known = await takeReport(parts, own)
    const { epoch, n } = body
    expect(known).toMatch(/^[0-9a-f]{64}$/)
    asked.statements = 0
    expect(await takeReport(parts, { ...own, body: { epoch, n, lists: known } })).toBe(known)
    expect(asked).toEqual({ statements: 1, rows: [] })
    expect(await row()).toEqual(before)
  })

  test('of another number with the same lists is that number, and wakes who waits for it', async () => {
    const { parts } = await amongOthers(0)
    const known = await takeReport(parts, own)
    const before = await row()
    expect(await takeReport(parts, { ...own, body: { epoch: 'f', n: 8, lists: known } })).toBe(known)
    expect(await row()).toEqual({ ...before, epoch: 'f', n: 8 })
  })

  test.each<{ says: string; meanwhile: () => Promise<unknown>; edge?: string }>([
    {
      says: 'that it has replaced since',
      meanwhile: async () => {
        const { parts } = await createJourney(open.store)
        await takeReport(parts, { ...own, body: { ...body, bound: [] } })
      },
    },
    {
      says: 'of an edge that was forgotten',
      meanwhile: () => open.store.transact((tx) => tx.deleteFrom('edge_report').where('edge', '=', 'one').execute()),
    },
    { says: 'that only another edge reported', meanwhile: async () => {}, edge: 'two' },
  ])('is refused by lists $says, and nothing is written', async ({ meanwhile, edge = 'one' }) => {
    const { parts } = await amongOthers(1)
    const known = await takeReport(parts, own)
    await meanwhile()
    const all = () => open.store.read.selectFrom('edge_report').selectAll().orderBy('edge').execute()
    const before = await all()
    await expect(takeReport(parts, { ...own, edge, body: { epoch: 'e', n: 8, lists: known } })).rejects.toMatchObject({
      code: 'POSTERN_EDGE_LISTS_UNKNOWN',
    })
    expect(await all()).toEqual(before)
  })

  test('that repeats lists which a control plane of the release before has replaced is written down', async () => {
    const { parts } = await amongOthers(0)
    await open.store.transact((tx) => tx.updateTable('edge_report').set({ bound: '["40002"]' }).execute())
    await takeReport(parts, own)
    expect(await row()).toMatchObject(body)
  })

  test('wakes what waits in the groups that its edge serves, and nothing else', async () => {
    const journey = await createJourney(open.store)
    await journey.newAwsEndpoint()
    const { parts } = journey
    const { group_id, org_id } = await open.store.read
      .selectFrom('private_endpoint')
      .innerJoin('group', 'group.id', 'private_endpoint.group_id')
      .select(['group_id', 'org_id'])
      .executeTakeFirstOrThrow()
    let n = 0
    const woken = async (scope: { orgIds: readonly string[] | null; groupIds: readonly string[] | null }) => {
      parts.woken.length = 0
      n += 1
      await takeReport(parts, { ...own, serves: { ...everything, ...scope }, body: { ...body, n } })
      return parts.woken.length
    }
    expect(await woken({ orgIds: null, groupIds: null })).toBe(1)
    expect(await woken({ orgIds: [org_id], groupIds: [group_id] })).toBe(1)
    expect(await woken({ orgIds: ['other'], groupIds: null })).toBe(0)
    expect(await woken({ orgIds: [org_id], groupIds: [] })).toBe(0)
  })
})
