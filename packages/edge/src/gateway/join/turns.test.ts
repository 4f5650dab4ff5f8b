import { describe, expect, test } from 'vitest'
import { turnOfOne, Waiting } from './turns.ts'

/** Connections whose chunks say in which order they passed. */
function scene() {
  const passed: string[] = []
  const all: Waiting[] = []
  const enter = (endpointId: string): Waiting => {
    const one = new Waiting(endpointId, { pass: (_, chunk) => passed.push(chunk.toString()) })
    all.push(one)
    return one
  }
  const say = (one: Waiting, what: string, bytes = what.length): boolean => {
    const chunk = Buffer.from(what)
    if (!one.mayPass(bytes)) return one.keep('client', bytes === what.length ? chunk : Buffer.alloc(bytes))
    passed.push(what)
    return true
  }
  const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  const leave = (): void => {
    for (const one of all.splice(0)) one.leave()
  }
  return { passed, enter, say, nextTurn, leave }
}

describe('turns of endpoints', () => {
  test('where there is one, nothing waits', () => {
    const { passed, enter, say, leave } = scene()
    const connections = Array.from({ length: 100 }, () => enter('only'))
    for (const one of connections) say(one, 'x')
    expect(passed).toHaveLength(100)
    leave()
  })

  test('a quiet one passes behind one turn of each busy one, however much they have ready', async () => {
    const { passed, enter, say, nextTurn, leave } = scene()
    const quiet = enter('quiet')
    for (const busy of ['a', 'b', 'c']) for (const one of Array.from({ length: 200 }, () => enter(busy))) say(one, busy)
    say(quiet, 'quiet')
    expect(passed.indexOf('quiet')).toBe(3 * turnOfOne)
    await nextTurn()
    const inTurns = ['a', 'b', 'c'].flatMap((busy) => Array.from({ length: turnOfOne }, () => busy))
    expect(passed.slice(3 * turnOfOne + 1)).toEqual(inTurns)
    say(quiet, 'again')
    expect(passed.at(-1)).toBe('again')
    while (passed.length < 602) await nextTurn()
    leave()
  })

  test('bytes count, too', () => {
    const { passed, enter, say, leave } = scene()
    enter('quiet')
    const busy = Array.from({ length: 4 }, () => enter('busy'))
    for (const [at, one] of busy.entries()) say(one, `${at}`, 20_000)
    expect(passed).toEqual(['0', '1'])
    leave()
  })

  test('more than a turn at once always waits, is not read on, and passes alone in its endpoint’s turn', async () => {
    const { passed, enter, say, nextTurn, leave } = scene()
    const quiet = enter('quiet')
    const busy = Array.from({ length: 3 }, () => enter('busy'))
    expect(busy.map((one) => say(one, 'x', 262_144))).toEqual([false, false, false])
    for (let turn = 1; turn <= busy.length; turn++) {
      say(quiet, 'quiet')
      await nextTurn()
      expect(passed.map((what) => (what === 'quiet' ? what : 'busy'))).toEqual(
        Array.from({ length: turn }, () => ['quiet', 'busy']).flat(),
      )
      expect(busy.map((one) => one.holds('client'))).toEqual([1, 2, 3].map((place) => place > turn))
    }
    leave()
  })

  test('of one connection everything stays in order, and too much is not read', async () => {
    const { passed, enter, say, nextTurn, leave } = scene()
    enter('quiet')
    const one = enter('busy')
    for (let at = 0; at < turnOfOne; at++) say(enter('busy'), 'other')
    expect([say(one, '1'), say(one, '2'), one.some, say(one, '3', 65_536)]).toEqual([true, true, true, false])
    await nextTurn()
    expect([passed.slice(turnOfOne, turnOfOne + 2), one.some]).toEqual([['1', '2'], false])
    leave()
  })

  test('what waits can be passed at once, and what left is lost', async () => {
    const { passed, enter, say, nextTurn, leave } = scene()
    enter('quiet')
    const [hurried, gone] = [enter('busy'), new Waiting('busy', { pass: () => expect.unreachable() })]
    for (let at = 0; at < turnOfOne; at++) say(enter('busy'), 'other')
    say(hurried, 'hurried')
    gone.keep('client', Buffer.from('gone'))
    gone.leave()
    hurried.passAll()
    expect(passed.at(-1)).toBe('hurried')
    await nextTurn()
    expect(passed.at(-1)).toBe('hurried')
    leave()
  })
})
