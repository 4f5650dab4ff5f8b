// A follower against a real HTTP server that plays the control plane: what it asks for, takes and refuses. Nothing here waits for time to
// pass.

import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { ForwarderListener, ForwarderSnapshot, Numbered } from '@postern/contract/snapshot'
import { changeBetween, hashedText, textsOf } from '@postern/contract/snapshot-change'
import { version } from '@postern/contract/version'
import { describe, expect, test } from 'vitest'
import { systemClock } from './clock.ts'
import { createFollower } from './follow.ts'
import { eventually } from './testing/eventually.ts'
import {
  clean,
  directory,
  follow,
  followers,
  kept,
  keptFile,
  server,
  snapshot,
  taken,
  token,
} from './testing/following.ts'
import { createManualClock } from './testing/manual-clock.ts'

describe('following', () => {
  test('a snapshot is taken, kept with mode 600, and reported', async () => {
    server.publishNumbered('forwarder', snapshot(7))
    const follower = await follow({})
    await eventually(() => expect(server.reports('forwarder')).toEqual([{ epoch: 'E1', n: 7, ...clean, version }]))
    expect(follower.held()).toEqual({ epoch: 'E1', n: 7 })
    expect(JSON.parse(await readFile(keptFile(), 'utf8'))).toEqual(snapshot(7))
    expect((await stat(keptFile())).mode & 0o777).toBe(0o600)
  })

  test('the first poll names nothing, later ones name what is held, and news end the wait', async () => {
    const follower = await follow({})
    await eventually(() => expect(server.polls('forwarder')).toEqual(['']))
    server.publishNumbered('forwarder', snapshot(1))
    await eventually(() => expect(server.polls('forwarder')).toEqual(['', '?epoch=E1&after=1']))
    server.publishNumbered('forwarder', snapshot(2))
    await eventually(() => expect(follower.held()?.n).toBe(2))
    expect(taken).toEqual([1, 2])
  })

  test('an older number of the same epoch is refused; a new store is followed although its number is lower', async () => {
    server.publishNumbered('forwarder', snapshot(5))
    const follower = await follow({})
    await eventually(() => expect(follower.held()?.n).toBe(5))
    server.publish('forwarder', JSON.stringify(snapshot(4)), null)
    await eventually(() => expect(kept.sentences()).toContain('snapshot 4 refused: it is not newer than 5'))
    expect(taken).toEqual([5])
    server.publishNumbered('forwarder', snapshot(1, 'E2'))
    await eventually(() => expect(follower.held()).toEqual({ epoch: 'E2', n: 1 }))
    expect(JSON.parse(await readFile(keptFile(), 'utf8'))).toEqual(snapshot(1, 'E2'))
  })

  test.each([
    { says: 'broken JSON', json: '{"epoch":', sentence: 'no snapshot: the snapshot is not JSON' },
    {
      says: 'a wrong shape',
      json: '{"epoch":"E1","n":2,"body":{"listeners":{}}}',
      sentence: 'no snapshot: snapshot.body.listeners must be a list',
    },
  ])('$says is refused and logged, and the next good one is taken', async ({ json, sentence }) => {
    server.publishNumbered('forwarder', snapshot(1))
    const follower = await follow({})
    await eventually(() => expect(follower.held()?.n).toBe(1))
    server.publish('forwarder', json, null)
    await eventually(() => expect(kept.sentences()).toContain(sentence))
    expect(follower.held()?.n).toBe(1)
    server.publishNumbered('forwarder', snapshot(3))
    await eventually(() => expect(follower.held()?.n).toBe(3))
    expect(taken).toEqual([1, 3])
  })

  test('the control plane dies and comes back on its port: the edge goes on where it was', async () => {
    server.publishNumbered('forwarder', snapshot(1))
    const follower = await follow({})
    await eventually(() => expect(follower.held()?.n).toBe(1))
    await server.stop()
    await eventually(() => expect(kept.text()).toMatch(/no snapshot: /))
    await server.restart()
    server.publishNumbered('forwarder', snapshot(2))
    await eventually(() => expect(follower.held()?.n).toBe(2))
  })

  test('a wrong token is told apart from other trouble, and never logged', async () => {
    await follow({ token: 'another-secret' })
    await eventually(() => expect(kept.text()).toMatch(/does not know this edge's token; enrol the edge again/))
    expect(kept.text()).not.toMatch(/another-secret/)
  })

  test('it says when the control plane called what is held the newest, and not while that is away', async () => {
    let confirmed = 0
    server.refuseWith(500)
    const follower = createFollower({
      feed: 'forwarder',
      baseUrl: server.url(),
      edge: 'edge-a',
      token,
      fetch,
      clock: systemClock,
      random: () => 0,
      directory,
      log: kept.log,
      take: () => clean,
      confirmed: () => {
        confirmed += 1
      },
    })
    followers.push(follower)
    await follower.start()
    await eventually(() => expect(kept.text()).toContain('answered 500'))
    expect(confirmed).toBe(0)
    server.refuseWith(null)
    server.publishNumbered('forwarder', snapshot(1))
    await eventually(() => expect(confirmed).toBe(1))
  })

  describe('once revoked it serves nothing', () => {
    const listener = {
      id: 'vpce-1:0',
      provider: 'AWS' as const,
      linkId: 'vpce-1',
      hosts: ['127.0.0.1'],
      port: 1024,
      gatewayPort: 15_000,
    }
    const served = (n: number) => ({ ...snapshot(n), body: { listeners: [listener] } })

    const revoked = async (before: () => Promise<unknown>) => {
      const taking: Numbered<ForwarderSnapshot>[] = []
      server.publishNumbered('forwarder', served(1))
      const follower = await follow({
        take: (given) => {
          taking.push(given)
          return clean
        },
      })
      await eventually(() => expect(server.reports('forwarder')).toHaveLength(1))
      await eventually(() => expect(server.polls('forwarder').some((asked) => asked.includes('after=1'))).toBe(true))
      await before()
      server.refuseWith(410)
      server.publishNumbered('forwarder', served(2)) // ends the poll that waits
      await eventually(() => expect(taking.at(-1)?.body).toEqual({ listeners: [] }))
      await eventually(() => expect(kept.text()).toContain('this edge was revoked'))
      return follower
    }

    test('at once and after its next start', async () => {
      const follower = await revoked(async () => undefined)
      await follower.close()
      await expect(readFile(keptFile())).rejects.toThrow('ENOENT')
    })

    test('also where nothing can be removed from its disk', async () => {
      const follower = await revoked(async () => {
        await rm(keptFile())
        await mkdir(join(keptFile(), 'in-the-way'), { recursive: true })
      })
      await eventually(() => expect(kept.text()).toContain('could not be removed'))
      await follower.close()
    })
  })

  test('a redirect is not followed, so the token reaches nobody else', async () => {
    const asked: unknown[] = []
    const elsewhere = createServer((request, response) => {
      asked.push(request.headers.authorization)
      response.end()
    })
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    server.redirectTo(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`)
    await follow({})
    await eventually(() => expect(kept.text()).toMatch(/no snapshot: .*redirect/))
    expect(asked).toEqual([])
    await new Promise((resolve) => elsewhere.close(resolve))
  })

  test('a server that fails is asked again later and later, not in a circle', async () => {
    const clock = createManualClock()
    server.refuseWith(500)
    await follow({ clock })
    await eventually(() => expect(kept.sentences()).toContain('no snapshot: the control plane answered 500'))
    server.refuseWith(null)
    server.publishNumbered('forwarder', snapshot(1))
    expect(server.polls('forwarder')).toEqual([])
    await eventually(() => {
      clock.advance(125)
      expect(taken).toEqual([1])
    })
  })

  test('a take that throws holds nothing and is asked for again', async () => {
    let calls = 0
    server.publishNumbered('forwarder', snapshot(1))
    const follower = await follow({
      take: () => {
        calls++
        if (calls === 1) throw new Error('planted')
        return clean
      },
    })
    await eventually(() => expect(follower.held()?.n).toBe(1))
    expect(kept.sentences()).toContain('no snapshot: planted')
  })
})

describe('releases', () => {
  test('it says which schemas it reads', async () => {
    await follow({})
    await eventually(() => expect(server.schemas()).toEqual(['1, 2, 3']))
  })

  test('a control plane of the release before says no schema, and is followed', async () => {
    server.publishNumbered('forwarder', snapshot(1))
    const follower = await follow({})
    await eventually(() => expect(follower.held()?.n).toBe(1))
  })

  test('a whole that is too new is refused with its reason, and the last one is served on', async () => {
    server.publishNumbered('forwarder', { schema: 2, ...snapshot(1) })
    const follower = await follow({})
    await eventually(() => expect(follower.held()?.n).toBe(1))
    server.publishNumbered('forwarder', { ...snapshot(2), schema: 4 })
    await eventually(() =>
      expect(kept.sentences()).toContain('no snapshot: snapshot.schema is 4, and this edge reads 1, 2, 3'),
    )
    expect(follower.held()?.n).toBe(1)
    expect(JSON.parse(await readFile(keptFile(), 'utf8'))).toMatchObject({ n: 1 })
  })

  test('a control plane that knows no schema of its own says so, and is asked again', async () => {
    server.refuseWith(406)
    const follower = await follow({})
    await eventually(() => expect(kept.text()).toMatch(/know no common schema of snapshots: upgrade the older/))
    server.refuseWith(null)
    server.publishNumbered('forwarder', snapshot(1))
    await eventually(() => expect(follower.held()?.n).toBe(1))
  })
})

describe('changes', () => {
  const listener = (id: string): ForwarderListener => ({
    id,
    provider: 'AWS',
    linkId: 'vpce-1',
    hosts: ['127.0.0.1'],
    port: 1024,
    gatewayPort: 30_000,
  })
  const before = { listeners: [listener('a'), listener('b')] }
  const after = { listeners: [listener('b'), listener('c')] }
  const told = (
    hash = createHash('sha256')
      .update(hashedText(2, JSON.stringify(after)))
      .digest('hex'),
  ): string =>
    `{"schema":2,"epoch":"E1","n":2,"after":1,"hash":"${hash}","changes":[${changeBetween(textsOf(before), textsOf(after))}]}`

  test('who holds nothing asks for a whole, and later for what is other', async () => {
    server.publishNumbered('forwarder', { schema: 2, epoch: 'E1', n: 1, body: before })
    await follow({})
    await eventually(() => expect(server.takesChanges()).toEqual([false, true]))
  })

  test('they are taken, kept and reported as the whole that they lead to', async () => {
    server.publishNumbered('forwarder', { schema: 2, epoch: 'E1', n: 1, body: before })
    const seen: ForwarderSnapshot[] = []
    await follow({
      take: ({ body }) => {
        seen.push(body)
        return clean
      },
    })
    await eventually(() => expect(seen).toHaveLength(1))
    server.publish('forwarder', told(), { epoch: 'E1', n: 2 })
    await eventually(() => expect(server.reports('forwarder').at(-1)?.n).toBe(2))
    expect(seen).toEqual([before, after])
    expect(JSON.parse(await readFile(keptFile(), 'utf8'))).toEqual({ schema: 2, epoch: 'E1', n: 2, body: after })
  })

  test('where they lead elsewhere, what is held is served on, and a whole is asked for', async () => {
    server.publishNumbered('forwarder', { schema: 2, epoch: 'E1', n: 1, body: before })
    await follow({})
    await eventually(() => expect(server.takesChanges()).toEqual([false, true]))
    server.publish('forwarder', told('0'.repeat(64)), { epoch: 'E1', n: 2 })
    await eventually(() => expect(server.takesChanges()[2]).toBe(false))
    expect(taken).toEqual([1])
    expect(kept.text()).toContain('lead to something else')
    server.publishNumbered('forwarder', { schema: 2, epoch: 'E1', n: 2, body: after })
    await eventually(() => expect(taken).toEqual([1, 2]))
    await eventually(() => expect(server.takesChanges().at(-1)).toBe(true))
  })
})
