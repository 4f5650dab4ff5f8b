// What a follower keeps on disk, and says to the control plane of what it took.

import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { version } from '@postern/contract/version'
import { describe, expect, test } from 'vitest'
import { heartbeatMs, retryMs, type Taken } from '../follow.ts'
import { eventually } from '../testing/eventually.ts'
import { clean, directory, follow, kept, keptFile, server, snapshot, taken } from '../testing/following.ts'
import { createManualClock } from '../testing/manual-clock.ts'

describe('the last good snapshot', () => {
  test('it is taken before anything is fetched, with the control plane away, and reported when that is back', async () => {
    await writeFile(keptFile(), JSON.stringify(snapshot(9)))
    await server.stop()
    const follower = await follow({})
    expect(taken).toEqual([9])
    expect(follower.held()).toEqual({ epoch: 'E1', n: 9 })
    await server.restart()
    await eventually(() => expect(server.polls('forwarder')).toEqual(['?epoch=E1&after=9']))
    await eventually(() => expect(server.reports('forwarder')[0]).toEqual({ epoch: 'E1', n: 9, ...clean, version }))
  })

  test.each([
    { says: 'half a file', content: '{"epoch":"E1","n":' },
    { says: 'an empty file', content: '' },
    {
      says: 'a file of another feed',
      content: JSON.stringify({ epoch: 'E1', n: 8, body: { domain: 'x', records: [] } }),
    },
  ])('$says is ignored with a warning and replaced', async ({ content }) => {
    await writeFile(keptFile(), content)
    server.publishNumbered('forwarder', snapshot(3))
    const follower = await follow({})
    expect(kept.text()).toMatch(/the kept snapshot is ignored: /)
    await eventually(() => expect(follower.held()?.n).toBe(3))
    expect(JSON.parse(await readFile(keptFile(), 'utf8'))).toEqual(snapshot(3))
  })

  test('what could not be written is served but not reported, until it could be', async () => {
    const folder = join(directory, 'a-file')
    await writeFile(folder, 'in the way')
    const clock = createManualClock()
    server.publishNumbered('forwarder', snapshot(1))
    const follower = await follow({ folder, clock })
    await eventually(() => expect(kept.text()).toMatch(/so it is not reported either/))
    expect(follower.held()?.n).toBe(1)
    clock.advance(heartbeatMs)
    expect(server.reports('forwarder')).toEqual([])
    await rm(folder)
    await eventually(() => {
      clock.advance(retryMs)
      expect(server.reports('forwarder')[0]).toEqual({ epoch: 'E1', n: 1, ...clean, version })
    })
  })

  test('meanwhile the last one that was kept is reported on, so that the edge is late and not silent', async () => {
    const folder = join(directory, 'edge')
    const clock = createManualClock()
    server.publishNumbered('forwarder', snapshot(1))
    const follower = await follow({ folder, clock })
    await eventually(() => expect(server.reports('forwarder')).toHaveLength(1))
    await rm(folder, { recursive: true })
    await writeFile(folder, '')
    server.publishNumbered('forwarder', snapshot(2))
    await eventually(() => expect(follower.held()?.n).toBe(2))
    await eventually(() => {
      clock.advance(heartbeatMs)
      expect(server.reports('forwarder').length).toBeGreaterThan(2)
    })
    expect(new Set(server.reports('forwarder').map(({ n }) => n))).toEqual(new Set([1]))
  })
})

describe('reports', () => {
  test('a sentence is never longer than the control plane takes', async () => {
    server.publishNumbered('forwarder', snapshot(1))
    await follow({ take: () => ({ bound: [], failed: [{ id: 'one', reason: 'x'.repeat(5000) }] }) })
    await eventually(() => expect(server.reports('forwarder')[0]?.failed[0]?.reason).toHaveLength(1024))
  })

  test('the report is repeated as a heartbeat', async () => {
    const clock = createManualClock()
    server.publishNumbered('forwarder', snapshot(1))
    await follow({ clock })
    await eventually(() => expect(server.reports('forwarder')).toHaveLength(1))
    await eventually(() => {
      clock.advance(heartbeatMs)
      expect(server.reports('forwarder').length).toBeGreaterThan(1)
    })
  })

  describe('whose lists the control plane knows say only by what', () => {
    const lists = { bound: ['one'], failed: [], trusts: ['10.0.0.0/8'] }
    const [whole, short] = [
      { epoch: 'E1', n: 1, ...lists, version },
      { epoch: 'E1', n: 1, lists: 'first', version },
    ]
    const sentAfter = async (clock: ReturnType<typeof createManualClock>, count: number) => {
      await eventually(() => {
        clock.advance(heartbeatMs)
        expect(server.sent('forwarder').length).toBeGreaterThanOrEqual(count)
      })
      return server.sent('forwarder').slice(0, count)
    }
    const following = async (taken: () => Taken = () => lists) => {
      const clock = createManualClock()
      server.publishNumbered('forwarder', snapshot(1))
      server.knowListsBy('first')
      await follow({ clock, take: taken })
      expect(await sentAfter(clock, 3)).toEqual([whole, short, short])
      return { clock, sent: server.sent('forwarder').length }
    }

    test('at the next number as well, while they are the same', async () => {
      await following(() => structuredClone(lists))
      server.publishNumbered('forwarder', snapshot(2))
      await eventually(() => expect(server.sent('forwarder').at(-1)).toEqual({ ...short, n: 2 }))
    })

    test('until they are others', async () => {
      let bound = ['one']
      await following(() => ({ ...lists, bound }))
      bound = ['one', 'two']
      server.publishNumbered('forwarder', snapshot(2))
      await eventually(() => expect(server.sent('forwarder').at(-1)).toEqual({ ...whole, n: 2, bound }))
    })

    test.each([
      { says: 'a control plane that knows others', by: 'second' },
      { says: 'one of a release that knows of no such thing', by: null },
    ])('and whole at once where they are not known, by $says', async ({ by }) => {
      const { clock, sent } = await following()
      server.knowListsBy(by)
      const [tried, answered, next] = (await sentAfter(clock, sent + 3)).slice(sent)
      expect([tried, answered, next]).toEqual([short, whole, by === null ? whole : { ...short, lists: by }])
      expect(kept.text()).not.toMatch(/report not accepted/)
    })

    test('and never before a report was accepted', async () => {
      const clock = createManualClock()
      server.publishNumbered('forwarder', snapshot(1))
      server.knowListsBy('first')
      server.refuseReports(true)
      await follow({ clock, take: () => lists })
      expect(await sentAfter(clock, 3)).toEqual([whole, whole, whole])
    })
  })

  test('what flowed goes along until it was accepted', async () => {
    const clock = createManualClock()
    const traffic = { run: 'run-1', n: 1, endpoints: [] }
    let known = false
    server.publishNumbered('forwarder', snapshot(1))
    server.refuseReports(true)
    await follow({
      clock,
      traffic: {
        next: () => (known ? null : traffic),
        accepted: (report) => {
          expect(report).toEqual(traffic)
          known = true
        },
      },
    })
    await eventually(() => {
      clock.advance(retryMs)
      expect(server.reports('forwarder').length).toBeGreaterThan(1)
    })
    expect(known).toBe(false)
    server.refuseReports(false)
    await eventually(() => {
      clock.advance(retryMs)
      expect(known).toBe(true)
    })
    await eventually(() => {
      clock.advance(heartbeatMs)
      expect(server.reports('forwarder').at(-1)?.traffic).toBeUndefined()
    })
    expect(server.reports('forwarder')[0]?.traffic).toEqual(traffic)
  })

  test('what failed to bind is tried again by itself, and its success reported', async () => {
    const clock = createManualClock()
    let free = false
    const busy: Taken = { bound: [], failed: [{ id: 'one', reason: '127.0.0.1 port 1024 is in use' }] }
    server.publishNumbered('forwarder', snapshot(1))
    await follow({ clock, take: () => (free ? clean : busy) })
    await eventually(() => expect(server.reports('forwarder')).toEqual([{ epoch: 'E1', n: 1, ...busy, version }]))
    free = true
    await eventually(() => {
      clock.advance(retryMs)
      expect(server.reports('forwarder').at(-1)).toEqual({ epoch: 'E1', n: 1, ...clean, version })
    })
    const takes = taken.length
    clock.advance(10 * retryMs)
    await eventually(() => expect(server.reports('forwarder').length).toBeGreaterThan(2))
    expect(taken).toHaveLength(takes)
  })
})

test('an hour without the control plane: what was taken is served on, and the first answer is followed', async () => {
  const clock = createManualClock()
  server.publishNumbered('forwarder', snapshot(1))
  const follower = await follow({ clock })
  await eventually(() => expect(follower.held()?.n).toBe(1))
  await server.stop()
  for (let second = 0; second < 3600; second += 30) {
    clock.advance(30_000)
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(follower.held()?.n).toBe(1)
  expect(taken).toEqual([1])
  await server.restart()
  server.publishNumbered('forwarder', snapshot(2))
  await eventually(() => {
    clock.advance(10_000)
    expect(follower.held()?.n).toBe(2)
  })
})
