import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { createEngine } from './engine.ts'
import type { Outcome, Reconciler, TurnKind, Turns } from './turns.ts'

interface Line {
  readonly msg: string
  readonly [field: string]: unknown
}

const world = (turn: (id: string) => Promise<Outcome>, ids: readonly string[] = []) => {
  const lines: Line[] = []
  const asked: string[] = []
  let stopped = 0
  const turns: Turns = {
    wake: async () => {},
    rescan: async (kind, rescanned) => void asked.push(...rescanned.map((id) => `${kind} ${id}`)),
    start: async () => void asked.push('start'),
    failing: async () => new Map(),
    stop: async () => {
      stopped += 1
    },
  }
  const reconciler: Reconciler = { kind: 'cluster', turn, ids: async () => ids }
  const log = pino({ level: 'debug', base: null }, { write: (text: string) => void lines.push(JSON.parse(text)) })
  const engine = createEngine(
    { turns, clock: { now: () => 0 }, ids: { objectId: () => '', hex: () => 'abcd' }, log, random: () => 0 },
    [reconciler],
  )
  return { engine, lines, asked, stopped: () => stopped }
}

describe('a turn', () => {
  test.each([
    { says: 'that is settled stays so', outcome: { do: 'settled' } as const },
    { says: 'that wants to be looked at again is, when it said', outcome: { do: 'again', afterMs: 42 } as const },
  ])('$says', async ({ outcome }) => {
    expect(await world(async () => outcome).engine.take('cluster', 'a')).toEqual(outcome)
  })

  test('of a kind that nobody reconciles is settled', async () => {
    const { engine } = world(async () => ({ do: 'again', afterMs: 1 }))
    expect(await engine.take('group' satisfies TurnKind, 'a')).toEqual({ do: 'settled' })
  })

  test('that fails waits longer each time, for its own id alone, and starts anew after a success', async () => {
    let fails = true
    const { engine } = world(async () => (fails ? { do: 'retry', reason: 'away' } : { do: 'settled' }))
    const waits: unknown[] = []
    for (let nth = 0; nth < 3; nth++) waits.push(await engine.take('cluster', 'a'))
    waits.push(await engine.take('cluster', 'b'))
    fails = false
    await engine.take('cluster', 'a')
    fails = true
    waits.push(await engine.take('cluster', 'a'))
    const after = (times: number) => ({ reason: 'away', times })
    expect(waits).toEqual([
      { do: 'again', afterMs: 125, after: after(1) },
      { do: 'again', afterMs: 250, after: after(2) },
      { do: 'again', afterMs: 500, after: after(3) },
      { do: 'again', afterMs: 125, after: after(1) },
      { do: 'again', afterMs: 125, after: after(1) },
    ])
  })

  test('that throws is retried too, and its error goes to the log', async () => {
    const { engine, lines } = world(async () => {
      throw Object.assign(new Error('no route to the cloud'), { params: ['hunter2'] })
    })
    const after = { reason: 'an error that the log of the control plane has', times: 1 }
    expect(await engine.take('cluster', 'a')).toEqual({ do: 'again', afterMs: 125, after })
    expect(JSON.stringify(lines)).not.toContain('hunter2')
    expect(lines).toEqual([
      expect.objectContaining({
        msg: 'turn will be retried',
        turn: 'abcd',
        kind: 'cluster',
        id: 'a',
        reason: 'no route to the cloud',
        failures: 1,
        err: expect.objectContaining({ message: 'no route to the cloud' }),
      }),
    ])
  })
})

test('a start hands out turns and asks for everything once', async () => {
  const { engine, asked, stopped } = world(async () => ({ do: 'settled' }), ['a', 'b'])
  await engine.start()
  expect(asked).toEqual(['start', 'cluster a', 'cluster b'])
  await engine.stop(0)
  expect(stopped()).toBe(1)
})
